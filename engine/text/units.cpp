#include "engine/text/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"

namespace leat::text {

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
  const auto number = parse_number<double>(digits);
  if (!number) return std::nullopt;
  const auto same = [&](const Unit& unit) {
    return equal_ignoring_case(text.substr(digits.size()), unit.name);
  };
  const auto unit = std::find_if(units.begin(), units.end(), same);
  if (unit == units.end()) return std::nullopt;
  return Quantity{*number, unit->factor};
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

// How many decimals a value below 1000 is written with so that it has three digits.
int decimals(double value) noexcept { return value < 9.995 ? 2 : value < 99.95 ? 1 : 0; }

}  // namespace

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) noexcept {
  constexpr double kMost = 100.0 * 365.25 * 86400;
  if (text.size() > 40) return std::nullopt;
  const auto seconds = parse_seconds(text);
  if (!seconds || *seconds > kMost) return std::nullopt;
  return std::chrono::nanoseconds(std::llround(*seconds * 1e9));
}

std::optional<std::uint64_t> parse_size(std::string_view text) noexcept {
  // A double would change a number of bytes above 2^53.
  if (const auto bytes = parse_number<std::uint64_t>(text)) return *bytes <= INT64_MAX ? bytes : std::nullopt;
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
  if (const auto e = text.find('e'); factor == 1 && e != std::string_view::npos) {
    constexpr unsigned kMostPower = 19;  // of ten, in 64 bits
    const auto power = parse_number<unsigned>(text.substr(e + 1));
    if (!power || *power > kMostPower) return std::nullopt;
    for (unsigned i = 0; i < *power; ++i) factor *= 10;
    text = text.substr(0, e);
  }
  const auto number = parse_number<std::uint64_t>(text);
  if (!number || *number > UINT64_MAX / factor) return std::nullopt;
  if (*number * factor < least || *number * factor > most) return std::nullopt;
  return *number * factor;
}

std::string format_duration(std::chrono::nanoseconds duration) {
  using namespace std::chrono_literals;
  if (duration % 1us != 0us) return fmt::format("{}ns", duration.count());
  if (duration % 1ms != 0ms) return fmt::format("{}us", duration / 1us);
  return duration % 1s != 0s ? fmt::format("{}ms", duration / 1ms) : fmt::format("{}s", duration / 1s);
}

std::string format_in_largest_unit(std::chrono::nanoseconds duration) {
  using namespace std::chrono_literals;
  if (duration == 0s) return "0";
  if (duration % 1h == 0h) return fmt::format("{}h", duration / 1h);
  return duration % 1min == 0min ? fmt::format("{}min", duration / 1min) : format_duration(duration);
}

std::string format_elapsed(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 0.09995) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
}

std::string format_nanoseconds(double nanoseconds) {
  constexpr std::array kUnits{Unit{"ns", 1}, Unit{"us", 1e3}, Unit{"ms", 1e6}, Unit{"s", 1e9}};
  std::size_t i = 0;
  while (i + 1 < kUnits.size() && nanoseconds >= 999.5 * kUnits[i].factor) ++i;
  const double value = nanoseconds / kUnits[i].factor;
  if (i == 0) return fmt::format("{:.0f} ns", value);
  return fmt::format("{:.{}f} {}", value, decimals(value), kUnits[i].name);
}

std::string format_bytes(double bytes) {
  constexpr std::array<const char*, 6> kNames{"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t i = 0;
  // 999.95 would be printed as 1000.0.
  for (; i + 1 < kNames.size() && bytes >= (i == 0 ? 999.5 : 999.95); ++i) bytes /= 1000;
  return i == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, kNames[i]);
}

std::string format_rate(double rate) {
  if (rate >= 999.5) return format_count(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
  constexpr double kSlow = 0.0995;  // fewer digits than two would be left
  if (rate <= 0 || rate >= kSlow) return fmt::format("{:.{}f}/s", rate, decimals(rate));
  const double in_a_minute = rate * 60;
  if (in_a_minute >= kSlow) return fmt::format("{:.{}f}/min", in_a_minute, decimals(in_a_minute));
  return fmt::format("{:.{}f}/h", rate * 3600, decimals(rate * 3600));
}

std::string format_count(std::uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

}  // namespace leat::text
