#pragma once

#include <string_view>

namespace leat::http {

/// Says whether a host, by its name in lower case, is in a list of hosts that need no proxy, read as libcurl
/// reads CURLOPT_NOPROXY: names with commas or blanks between them, each of which also stands for all names
/// below it; "*" stands for all. Gives false for addresses: libcurl compares those, because no name has to be
/// looked up for them.
[[nodiscard]] bool needs_no_proxy(std::string_view host, std::string_view list) noexcept;

}  // namespace leat::http
