#include "cli/terminal/units.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace leat::cli {

std::string format_bytes(double bytes) {
  constexpr std::array<const char*, 6> kNames{"B", "kB", "MB", "GB", "TB", "PB"};
  std::size_t i = 0;
  // 999.95 would be printed as 1000.0.
  for (; i + 1 < kNames.size() && bytes >= (i == 0 ? 999.5 : 999.95); ++i) bytes /= 1000;
  return i == 0 ? fmt::format("{:.0f} B", bytes) : fmt::format("{:.1f} {}", bytes, kNames[i]);
}

std::string format_elapsed(async::Duration time) {
  const double seconds = std::chrono::duration<double>(time).count();
  if (seconds < 0.09995) return fmt::format("{:.1f} ms", seconds * 1e3);
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = std::llround(seconds);
  if (whole < 3600) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
}

}  // namespace leat::cli
