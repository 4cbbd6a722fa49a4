#include "engine/load/quantile_interval.hpp"

#include <algorithm>
#include <cmath>

#include "engine/load/normal.hpp"

namespace leat::load {

namespace {

// Beyond this count, a rank more or less does not matter, and sums of so many terms would be slow.
constexpr double kMostVariance = 40'000;
constexpr double kNothing = 1e-17;  // of a sum

/// The distribution of how many of `count` samples lie below the quantile `q`.
class Binomial {
 public:
  Binomial(std::uint64_t count, double q)
      : count_(static_cast<double>(count)), q_(q), deviation_(std::sqrt(count_ * q * (1 - q))) {}

  /// P(B <= k).
  [[nodiscard]] double at_most(double k) const {
    if (k < 0) return 0;
    if (k >= count_) return 1;
    if (deviation_ * deviation_ > kMostVariance) {
      return normal_probability((k + 0.5 - count_ * q_) / deviation_);
    }
    return k < count_ * q_ ? sum_down(k) : 1 - sum_up(k + 1);
  }

  /// The smallest k with P(B <= k) >= probability.
  [[nodiscard]] double quantile(double probability) const {
    double low = -1;
    double high = count_;
    while (high - low > 1) {
      const double middle = std::floor((low + high) / 2);
      (at_most(middle) >= probability ? high : low) = middle;
    }
    return high;
  }

 private:
  // Both add up the side with fewer terms. Each term follows from the one before, and they shrink: what is
  // less than a rounding error of the sum is left out.
  [[nodiscard]] double sum_down(double k) const {
    double term = exactly(k);
    double sum = term;
    for (double i = k; i > 0 && term > sum * kNothing; --i) {
      term *= i / (count_ - i + 1) * ((1 - q_) / q_);
      sum += term;
    }
    return sum;
  }
  [[nodiscard]] double sum_up(double k) const {
    double term = exactly(k);
    double sum = term;
    for (double i = k; i < count_ && term > sum * kNothing; ++i) {
      term *= (count_ - i) / (i + 1) * (q_ / (1 - q_));
      sum += term;
    }
    return sum;
  }
  [[nodiscard]] double exactly(double k) const {
    return std::exp(std::lgamma(count_ + 1) - std::lgamma(k + 1) - std::lgamma(count_ - k + 1) +
                    k * std::log(q_) + (count_ - k) * std::log1p(-q_));
  }

  double count_;
  double q_;
  double deviation_;
};

// The place of the rank-th sample in its bucket, if the bucket's values are spread evenly.
struct Place {
  Histogram::Bucket bucket{};
  double within = 0;  // 0 to 1
  bool found = false;
};

Place find_rank(const Histogram& histogram, std::uint64_t rank) {
  Place place;
  std::uint64_t seen = 0;
  histogram.for_each([&](const Histogram::Bucket& bucket) {
    if (place.found) return;
    if (seen + bucket.count >= rank) {
      place = {bucket, (static_cast<double>(rank - seen) - 0.5) / static_cast<double>(bucket.count), true};
    }
    seen += bucket.count;
  });
  return place;
}

std::uint64_t value_at(const Place& place) {
  const auto width = static_cast<double>(place.bucket.highest - place.bucket.lowest);
  return place.bucket.lowest + static_cast<std::uint64_t>(std::llround(place.within * width));
}

}  // namespace

std::optional<RankInterval> rank_interval(std::uint64_t count, double q, double confidence) {
  if (count == 0) return std::nullopt;
  const Binomial below(count, q);
  const double beyond = (1 - confidence) / 2;
  // Conservative: P(B < l) <= beyond and P(B >= u) <= beyond.
  const double lower = below.quantile(beyond);
  const double upper = below.quantile(1 - beyond) + 1;
  const auto total = static_cast<double>(count);
  if (lower < 1 || upper > total) return std::nullopt;
  RankInterval best;
  double least = 2;
  for (const double l : {lower, lower + 1}) {
    for (const double u : {upper, upper - 1}) {
      if (u <= l) continue;
      const double coverage = below.at_most(u - 1) - below.at_most(l - 1);
      if (std::abs(coverage - confidence) >= least - 1e-12) continue;
      least = std::abs(coverage - confidence);
      best = {static_cast<std::uint64_t>(l), static_cast<std::uint64_t>(u), coverage};
    }
  }
  return best;
}

std::optional<PercentileEstimate> estimate_percentile(const Histogram& histogram, double p,
                                                      double confidence) {
  const auto ranks = rank_interval(histogram.total(), p / 100, confidence);
  if (!ranks) return std::nullopt;
  PercentileEstimate estimate;
  estimate.value = histogram.percentile(p);
  const Place lower = find_rank(histogram, ranks->lower);
  const Place upper = find_rank(histogram, ranks->upper);
  const bool alike = lower.found && upper.found && lower.bucket.index == upper.bucket.index;
  if (!lower.found) {
    estimate.lowest = estimate.value;
  } else {
    estimate.lowest.value = alike ? lower.bucket.lowest : value_at(lower);
  }
  if (!upper.found) {
    estimate.highest = histogram.at_rank(ranks->upper);
  } else {
    estimate.highest.value = alike ? upper.bucket.highest : value_at(upper);
  }
  const auto clamp = [&](std::uint64_t value) {
    return std::clamp(value, histogram.min(), std::max(histogram.max(), histogram.censored_max()));
  };
  estimate.lowest.value = std::min(clamp(estimate.lowest.value), estimate.value.value);
  estimate.highest.value = std::max(clamp(estimate.highest.value), estimate.value.value);
  return estimate;
}

std::uint64_t samples_for(double p, double confidence) {
  std::uint64_t most = 1;
  while (!rank_interval(most, p / 100, confidence) && most < std::uint64_t{1} << 40) most *= 2;
  std::uint64_t least = most / 2;
  while (most - least > 1) {
    const std::uint64_t middle = least + (most - least) / 2;
    (rank_interval(middle, p / 100, confidence) ? most : least) = middle;
  }
  return most;
}

}  // namespace leat::load
