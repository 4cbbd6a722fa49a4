#pragma once

#include <algorithm>
#include <string_view>

namespace leat::text {

/// Whether a byte is a control character of ASCII, which is neither sent nor printed as it is.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// Whether a text holds a control character, and so might be more than one line where it is sent or printed.
[[nodiscard]] inline bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), is_control);
}

}  // namespace leat::text
