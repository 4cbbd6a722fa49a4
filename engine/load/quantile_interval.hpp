#pragma once

#include <cstdint>
#include <optional>

#include "engine/load/histogram.hpp"

namespace leat::load {

/// The level of every interval that leat prints without saying another.
inline constexpr double kConfidence = 0.95;

/// Ranks l and u of a sample, counted from 1, for which the interval from the l-th smallest to the u-th
/// covers the population's quantile with about the wanted probability.
struct RankInterval {
  std::uint64_t lower = 1;
  std::uint64_t upper = 1;
  double coverage = 0;  // the probability, exact but for huge samples
};

/// How many of `count` samples lie below the quantile `q` is binomial: so l and u are quantiles of that
/// distribution, whatever the samples' own is (David & Nagaraja, Order Statistics, 7.1). Among the neighbours
/// of the conservative ranks those whose coverage comes nearest to `confidence` are taken. Nothing where the
/// sample is so small that even its ends would not do: then too few samples lie beyond. 0 < q < 1.
[[nodiscard]] std::optional<RankInterval> rank_interval(std::uint64_t count, double q,
                                                        double confidence = kConfidence);

/// A percentile of what was measured, and an interval for that of the population.
struct PercentileEstimate {
  Quantile value;    // HdrHistogram's: the highest value of the bucket
  Quantile lowest;   // lowest <= value <= highest; censored: all that is known is that it is more
  Quantile highest;  // censored: no upper end is known
};

/// By order statistics, which assume that requests' times are independent of each other. Within one run they
/// are not quite (a stop holds up all that wait at once), so that this is the least that is to be doubted.
///
/// A rank is only known to its bucket. Two in different buckets are placed inside theirs as if the bucket's
/// values were spread evenly; two in one take all of it.
///
/// Nothing if `p`, from 0 to 100, both excluded, is withheld; see `samples_for`.
[[nodiscard]] std::optional<PercentileEstimate> estimate_percentile(const Histogram& histogram, double p,
                                                                    double confidence = kConfidence);

/// The fewest samples that a percentile is not withheld with.
[[nodiscard]] std::uint64_t samples_for(double p, double confidence = kConfidence);

}  // namespace leat::load
