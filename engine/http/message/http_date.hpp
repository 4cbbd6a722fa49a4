#pragma once

#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace leat::http {

/// Gives the time that an HTTP date names (RFC 9110 section 5.6.7). The preferred form is read without
/// libcurl, because every saved file has one; the obsolete ones are read, too. Gives nothing if it is no
/// date.
[[nodiscard]] std::optional<std::time_t> parse_http_date(std::string_view text);

/// Writes a time in the preferred form.
[[nodiscard]] std::string http_date(std::time_t time);

}  // namespace leat::http
