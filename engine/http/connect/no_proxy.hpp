#pragma once

#include <string_view>

namespace leat::http {

/// Whether a host, named in lower case, stands in a list of hosts that need no proxy, as libcurl reads
/// CURLOPT_NOPROXY: commas or blanks between the names, each of which also stands for all names below it; "*"
/// stands for all. It is false for addresses, which libcurl compares: no name has to be looked up for them.
[[nodiscard]] bool needs_no_proxy(std::string_view host, std::string_view list) noexcept;

}  // namespace leat::http
