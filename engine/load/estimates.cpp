#include "engine/load/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/load/normal.hpp"

namespace leat::load {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewestSeconds = 5;

double deviations() {
  static const double value = normal_quantile((1 + kConfidence) / 2);
  return value;
}

std::vector<double> rates_of_whole_seconds(const LoadResult& result) {
  std::vector<double> rates;
  for (const auto& point : result.series) {
    if (point.start < async::Duration::zero() || point.lasts < std::chrono::milliseconds(999)) continue;
    if (point.start + point.lasts > result.measured + std::chrono::milliseconds(1)) continue;
    rates.push_back(static_cast<double>(point.ok) / std::chrono::duration<double>(point.lasts).count());
  }
  return rates;
}

}  // namespace

Estimate estimate_rate(const LoadResult& result) {
  const double rate = result.rate();
  const double seconds = std::chrono::duration<double>(result.measured).count();
  if (seconds <= 0) return {};
  double spread = deviations() * std::sqrt(static_cast<double>(result.totals.finished_in_time)) / seconds;
  const auto rates = rates_of_whole_seconds(result);
  if (rates.size() >= kFewestSeconds) {
    const auto count = static_cast<double>(rates.size());
    double mean = 0;
    for (const double one : rates) mean += one / count;
    double squares = 0;
    for (const double one : rates) squares += (one - mean) * (one - mean);
    spread = student_quantile((1 + kConfidence) / 2, count - 1) * std::sqrt(squares / (count - 1) / count);
  }
  return {rate, std::max(0.0, rate - spread), rate + spread};
}

std::optional<Estimate> estimate_mean(const Histogram& histogram) {
  if (histogram.count() < 2) return std::nullopt;
  const auto count = static_cast<double>(histogram.count());
  const double spread = deviations() * histogram.stdev() / std::sqrt(count - 1);
  const double mean = histogram.mean();
  return Estimate{mean, std::max(0.0, mean - spread), histogram.censored() > 0 ? kInfinite : mean + spread};
}

std::optional<Estimate> estimate_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return std::nullopt;
  const auto n = static_cast<double>(whole);
  const double share = static_cast<double>(part) / n;
  const double z = deviations();
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double spread = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // At the ends rounding must not leave a rest.
  return Estimate{share, part == 0 ? 0 : std::max(0.0, centre - spread),
                  part == whole ? 1 : std::min(1.0, centre + spread)};
}

std::uint64_t count_errors(const LoadResult& result) {
  std::uint64_t errors = result.totals.failed + result.totals.timed_out;
  for (const auto& [status, count] : result.by_status) {
    if (status >= 400) errors += count;
  }
  return errors;
}

}  // namespace leat::load
