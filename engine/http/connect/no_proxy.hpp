#pragma once

#include <string_view>

namespace leat::http {

/// Whether a host, by its name in lower case, stands in a list of those that need no proxy, as libcurl reads
/// CURLOPT_NOPROXY: names apart by commas or blanks, each of which stands for all below it, too; "*" for all.
/// Addresses are libcurl's to compare, because no name has to be looked up for them: false.
[[nodiscard]] bool needs_no_proxy(std::string_view host, std::string_view list) noexcept;

}  // namespace leat::http
