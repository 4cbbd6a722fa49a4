#pragma once

#include <string>
#include <string_view>

namespace leat::http {

/// The schemes that a list of curl's --proto leaves of http and https, as CURLOPT_PROTOCOLS_STR takes them:
/// "http,https", "https", "". An item adds to them, or sets ("="), adds ("+") or takes away ("-") what it
/// names; "all" is both, and other protocols mean nothing here. See curl(1), --proto.
[[nodiscard]] std::string allowed_schemes(std::string_view list);

}  // namespace leat::http
