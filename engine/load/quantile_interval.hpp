#pragma once

#include <cstdint>
#include <optional>

#include "engine/load/histogram.hpp"

namespace leat::load {

/// The level of every interval that leat prints without naming another one.
inline constexpr double kConfidence = 0.95;

/// Ranks l and u of a sample, counted from 1: the interval from the l-th smallest to the u-th covers the
/// population's quantile with about the wanted probability.
struct RankInterval {
  std::uint64_t lower = 1;
  std::uint64_t upper = 1;
  double coverage = 0;  // the probability, exact except for very large samples
};

/// The number of `count` samples that lie below the quantile `q` is binomial, so l and u are quantiles of
/// that distribution, whatever the samples' own distribution is (David & Nagaraja, Order Statistics, 7.1).
/// Among the neighbours of the conservative ranks, those are taken whose coverage is nearest to `confidence`.
/// It gives nothing if the sample is so small that even its ends would not do: then too few samples lie
/// beyond. 0 < q < 1.
[[nodiscard]] std::optional<RankInterval> rank_interval(std::uint64_t count, double q,
                                                        double confidence = kConfidence);

/// A measured percentile, and an interval for that of the population.
struct PercentileEstimate {
  Quantile value;    // as in HdrHistogram: the highest value of the bucket
  Quantile lowest;   // lowest <= value <= highest; censored: only known to be more
  Quantile highest;  // censored: no upper end is known
};

/// By order statistics, which assume that the requests' times are independent of each other.
///
/// Within one run they are not quite independent (a pause delays all requests that wait at once), so this is
/// the least uncertainty. A rank is known only to its bucket. Two ranks in different buckets are placed
/// inside theirs as if the bucket's values were spread evenly; two ranks in one bucket take all of it. It
/// gives nothing if there are too few samples for `p`, which is between 0 and 100; see `samples_for`.
[[nodiscard]] std::optional<PercentileEstimate> estimate_percentile(const Histogram& histogram, double p,
                                                                    double confidence = kConfidence);

/// The fewest samples for which a percentile is given.
[[nodiscard]] std::uint64_t samples_for(double p, double confidence = kConfidence);

}  // namespace leat::load
