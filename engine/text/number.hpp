#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace leat::text {

/// Reads a text that is a number from its first to its last character, in decimal: digits, a minus where the
/// type has one, a point and an exponent where it is a floating-point type. Nothing for any other text, and
/// for a number that the type does not hold. Any thread.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) noexcept {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace leat::text
