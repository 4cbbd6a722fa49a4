#pragma once

#include <string>
#include <string_view>

namespace leat::text {

/// Percent-encoding (RFC 3986, 2.1).

/// Writes a byte as "%2F".
void append_percent_encoded(std::string& out, char byte);

/// Every byte but letters, digits and "-._~" as "%2F".
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// With each "%2F" and the like undone; a "%" that no two hexadecimal digits follow stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace leat::text
