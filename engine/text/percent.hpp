#pragma once

#include <optional>
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

/// The byte that "%2F" and the like stand for; nothing if no such begins at `at`.
[[nodiscard]] inline std::optional<char> percent_byte(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '%' || at + 2 >= text.size()) return std::nullopt;
  const int high = hex_digit(text[at + 1]);
  const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
  return low >= 0 ? std::optional<char>(static_cast<char>(high * 16 + low)) : std::nullopt;
}

/// Writes a byte as itself if it is unreserved, else as "%2F".
inline void append_percent_normal(std::string& out, char byte) {
  is_unreserved(byte) ? void(out += byte) : append_percent_encoded(out, byte);
}

/// Every byte that is not unreserved as "%2F".
[[nodiscard]] std::string percent_encoded(std::string_view text);

/// With each "%2F" and the like undone; a "%" that no two hexadecimal digits follow stays.
[[nodiscard]] std::string percent_decoded(std::string_view text);

}  // namespace leat::text
