#include "cli/bench/time_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace leat::cli {

std::string time_text(double nanoseconds) {
  struct Unit {
    double size;
    const char* name;
  };
  constexpr std::array kUnits{Unit{1, "ns"}, Unit{1e3, "us"}, Unit{1e6, "ms"}, Unit{1e9, "s"}};
  std::size_t i = 0;
  while (i + 1 < kUnits.size() && nanoseconds >= 999.5 * kUnits[i].size) ++i;
  const double value = nanoseconds / kUnits[i].size;
  if (i == 0) return fmt::format("{:.0f} ns", value);
  const int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return fmt::format("{:.{}f} {}", value, digits, kUnits[i].name);
}

std::string quantile_text(const load::Quantile& quantile) {
  return (quantile.censored ? ">" : "") + time_text(static_cast<double>(quantile.value));
}

std::string count_text(std::uint64_t count) {
  std::string text = fmt::format("{}", count);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
  return text;
}

std::string rate_text(double rate) {
  if (rate >= 999.5) return count_text(static_cast<std::uint64_t>(std::llround(rate))) + "/s";
  return fmt::format("{:.{}f}/s", rate, rate < 9.995 ? 2 : rate < 99.95 ? 1 : 0);
}

}  // namespace leat::cli
