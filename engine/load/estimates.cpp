#include "engine/load/estimates.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "engine/load/normal.hpp"

namespace leat::load {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr std::size_t kFewestBlocks = 8;
constexpr std::size_t kFewestThatTell = 30;  // blocks; from then on one sees how they depend on each other
constexpr double kAtMostOfNone = 3.689;      // the mean of which a Poisson count is 0 in 1 of 40 cases
constexpr double kMostCorrelated = 0.97;     // above this, no run is long enough

double deviations() {
  static const double value = normal_quantile((1 + kConfidence) / 2);
  return value;
}

std::vector<double> rates_of_blocks(const LoadResult& result) {
  std::vector<double> rates;
  for (const auto& block : result.blocks) {
    if (block.lasts.count() > 0) rates.push_back(block.answers / async::in_seconds(block.lasts));
  }
  return rates;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double one : values) sum += one;
  return sum / static_cast<double>(values.size());
}

/// Half the interval around the mean of values that don't depend on each other.
double spread_of_independent(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double squares = 0;
  for (const double one : values) squares += (one - mean) * (one - mean);
  return student_quantile((1 + kConfidence) / 2, count - 1) * std::sqrt(squares / (count - 1) / count);
}

/// How much of each value comes from the one before, without the bias that a short series gives it.
double correlation_of(const std::vector<double>& deviations_of_mean) {
  double squares = 0;
  double neighbours = 0;
  for (std::size_t i = 0; i < deviations_of_mean.size(); ++i) {
    squares += deviations_of_mean[i] * deviations_of_mean[i];
    if (i > 0) neighbours += deviations_of_mean[i] * deviations_of_mean[i - 1];
  }
  const auto count = static_cast<double>(deviations_of_mean.size());
  return squares > 0 ? std::clamp((count * neighbours / squares + 1) / (count - 4), 0.0, kMostCorrelated) : 0;
}

/// The same for values that may depend on those before them.
double spread_of_series(std::vector<double> values) {
  const auto count = static_cast<double>(values.size());
  const double mean = mean_of(values);
  for (double& one : values) one -= mean;
  const double correlation = correlation_of(values);
  std::vector<double> rest;  // what is new in each value
  for (std::size_t i = 1; i < values.size(); ++i) rest.push_back(values[i] - correlation * values[i - 1]);
  const auto length = static_cast<double>(rest.size());
  const double waves = std::max(1.0, std::round(0.4 * std::pow(length, 2.0 / 3)));
  double power = 0;
  for (double wave = 1; wave <= waves; ++wave) {
    double sum = 0;
    for (std::size_t i = 0; i < rest.size(); ++i) {
      sum += rest[i] * std::cos(std::numbers::pi * wave * (static_cast<double>(i) + 0.5) / length);
    }
    power += sum * sum * 2 / length / waves;
  }
  const double of_mean = std::sqrt(power / count) / (1 - correlation);
  return student_quantile((1 + kConfidence) / 2, waves) * of_mean;
}

}  // namespace

Estimate estimate_rate(const LoadResult& result) {
  const double rate = result.rate();
  const double seconds = async::in_seconds(result.measured);
  if (seconds <= 0) return {};
  if (result.totals.finished_in_time == 0) return {0, 0, kAtMostOfNone / seconds};
  const auto rates = rates_of_blocks(result);
  if (rates.size() < kFewestBlocks) return {rate, 0, kInfinite};
  const double spread =
      rates.size() >= kFewestThatTell ? spread_of_series(rates) : spread_of_independent(rates);
  return {rate, std::max(0.0, rate - spread), rate + spread};
}

std::optional<Estimate> estimate_mean(const Histogram& histogram) {
  if (histogram.count() < 2) return std::nullopt;
  const auto count = static_cast<double>(histogram.count());
  const double spread = deviations() * histogram.stdev() / std::sqrt(count - 1);
  const double mean = histogram.mean();
  return Estimate{mean, std::max(0.0, mean - spread), histogram.censored() > 0 ? kInfinite : mean + spread};
}

std::optional<Estimate> estimate_share(std::uint64_t part, std::uint64_t whole, double confidence) {
  if (whole == 0) return std::nullopt;
  const auto n = static_cast<double>(whole);
  const double share = static_cast<double>(part) / n;
  const double z = normal_quantile((1 + confidence) / 2);
  const double centre = (share + z * z / (2 * n)) / (1 + z * z / n);
  const double spread = z / (1 + z * z / n) * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n));
  // Rounding must not leave a remainder at the ends.
  return Estimate{share, part == 0 ? 0 : std::max(0.0, centre - spread),
                  part == whole ? 1 : std::min(1.0, centre + spread)};
}

std::uint64_t count_errors(const Tally& tally) noexcept {
  return tally.failed + tally.timed_out + tally.dropped + tally.unanswered + tally.status_errors;
}

std::optional<Estimate> estimate_error_rate(const Tally& tally) {
  return estimate_share(count_errors(tally), tally.scheduled);
}

}  // namespace leat::load
