#include "pipelines/text/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace leat::pipelines {

namespace {

struct Unit {
  std::string_view name;  // lower case
  double factor;
};

constexpr double kKi = 1024;
// The last is the largest.
constexpr std::array kTimes{Unit{"", 1},   Unit{"s", 1},    Unit{"ms", 1e-3}, Unit{"us", 1e-6},
                            Unit{"m", 60}, Unit{"min", 60}, Unit{"h", 3600},  Unit{"d", 86400}};
constexpr std::array kSizes{Unit{"", 1},
                            Unit{"b", 1},
                            Unit{"k", kKi},
                            Unit{"kb", 1e3},
                            Unit{"kib", kKi},
                            Unit{"m", kKi* kKi},
                            Unit{"mb", 1e6},
                            Unit{"mib", kKi* kKi},
                            Unit{"g", kKi* kKi* kKi},
                            Unit{"gb", 1e9},
                            Unit{"gib", kKi* kKi* kKi},
                            Unit{"t", kKi* kKi* kKi* kKi},
                            Unit{"tb", 1e12},
                            Unit{"tib", kKi* kKi* kKi* kKi}};

constexpr std::array kRates{Unit{"", 1},          Unit{"/s", 1},          Unit{"/sec", 1},
                            Unit{"/m", 1.0 / 60}, Unit{"/min", 1.0 / 60}, Unit{"/h", 1.0 / 3600}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<std::uint64_t> parse_digits(std::string_view text) noexcept {
  std::uint64_t number = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

struct Quantity {
  double number;
  double factor;
  [[nodiscard]] double value() const noexcept { return number * factor; }
};

// Digits with at most one point between them, then a unit.
std::optional<Quantity> parse_quantity(std::string_view text, const auto& units) noexcept {
  if (text.empty() || text.size() > 40 || !is_digit(text.front())) return std::nullopt;
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (digits.back() == '.') return std::nullopt;
  double number = 0;
  const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || rest != digits.data() + digits.size()) return std::nullopt;
  const auto same = [&](const Unit& unit) {
    return std::equal(end, text.end(), unit.name.begin(), unit.name.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
  };
  const auto unit = std::find_if(units.begin(), units.end(), same);
  if (unit == units.end()) return std::nullopt;
  return Quantity{number, unit->factor};
}

// `1h30m`: several quantities, each with its own unit, the larger unit first.
std::optional<double> parse_seconds(std::string_view text) noexcept {
  double seconds = 0;
  double larger = kTimes.back().factor * 2;
  do {
    const auto unit = std::find_if(text.begin(), text.end(), [](char c) { return !is_digit(c) && c != '.'; });
    const auto end = std::find_if(unit, text.end(), is_digit);
    const auto size = static_cast<std::size_t>(end - text.begin());
    const auto part = parse_quantity(text.substr(0, size), kTimes);
    const bool is_one_of_several = seconds > 0 || size < text.size();
    if (!part || part->factor >= larger || (is_one_of_several && unit == end)) return std::nullopt;
    seconds += part->value();
    larger = part->factor;
    text.remove_prefix(size);
  } while (!text.empty());
  return seconds;
}

}  // namespace

std::optional<async::Duration> parse_duration(std::string_view text) noexcept {
  constexpr double kMost = 100.0 * 365.25 * 86400;
  if (text.size() > 40) return std::nullopt;
  const auto seconds = parse_seconds(text);
  if (!seconds || *seconds > kMost) return std::nullopt;
  return async::Duration(std::llround(*seconds * 1e9));
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  // Through a double a number of bytes above 2^53 would be another one.
  if (const auto bytes = parse_digits(text)) return *bytes <= INT64_MAX ? bytes : std::nullopt;
  const auto bytes = parse_quantity(text, kSizes);
  if (!bytes || bytes->value() >= 0x1p63) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(bytes->value()));
}

std::optional<double> parse_rate(std::string_view text) noexcept {
  constexpr double kMost = 1e7;
  const auto rate = parse_quantity(text, kRates);
  if (!rate || rate->value() <= 0 || rate->value() > kMost) return std::nullopt;
  return rate->value();
}

std::optional<std::uint64_t> parse_count(std::string_view text, std::uint64_t least,
                                         std::uint64_t most) noexcept {
  std::uint64_t factor = 1;
  if (text.ends_with('k')) factor = 1000;
  if (text.ends_with('M')) factor = 1'000'000;
  if (factor != 1) text.remove_suffix(1);
  const auto number = parse_digits(text);
  if (!number || *number > UINT64_MAX / factor) return std::nullopt;
  if (*number * factor < least || *number * factor > most) return std::nullopt;
  return *number * factor;
}

}  // namespace leat::pipelines
