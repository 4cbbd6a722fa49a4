#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
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

/// Whether all bytes are ASCII. Looks at eight at a time, since every URL is asked.
[[nodiscard]] inline bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t bytes = 0;
  while (text.size() >= sizeof bytes) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if ((bytes & kHighBits) != 0) return false;
    text.remove_prefix(sizeof bytes);
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace leat::text
