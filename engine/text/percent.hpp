#pragma once

#include <string>
#include <string_view>

#include "engine/text/ascii.hpp"

namespace leat::text {

/// Percent-encoding (RFC 3986, 2.1).

/// Whether percent-encoding means nothing for it (2.3): a letter, a digit or one of "-._~".
[[nodiscard]] constexpr bool is_unreserved(char c) noexcept {
  return is_alphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// Writes a byte as "%2F".
void append_percent_encoded(std::string& out, char byte);

/// Every byte that is not unreserved as "%2F".
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// With each "%2F" and the like undone; a "%" that no two hexadecimal digits follow stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace leat::text
