#pragma once

#include <cstddef>
#include <string_view>

#include "engine/text/ascii.hpp"

namespace leat::text {

/// Says whether it is an IPv4 address as inet_pton takes one: four numbers up to 255 without leading zeros,
/// with dots between them.
[[nodiscard]] inline bool is_ipv4(std::string_view text) noexcept {
  std::size_t at = 0;
  for (int left = 4; left > 0; --left) {
    const std::size_t start = at;
    unsigned value = 0;
    while (at < text.size() && is_digit(text[at]) && value <= 255) {
      value = 10 * value + static_cast<unsigned>(text[at++] - '0');
    }
    const std::size_t digits = at - start;
    if (digits == 0 || value > 255 || (digits > 1 && text[start] == '0')) return false;
    if (left > 1 && (at == text.size() || text[at++] != '.')) return false;
  }
  return at == text.size();
}

}  // namespace leat::text
