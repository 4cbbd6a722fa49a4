#pragma once

#include <cstdint>
#include <optional>

#include "engine/load/load_result.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::load {

/// A measured number with its 95 % interval; an end that isn't known is infinite.
struct Estimate {
  double value = 0;
  double lowest = 0;
  double highest = 0;
};

/// The responses per second.
///
/// If the series has at least 5 whole seconds, this is their mean, with an interval by Student's t, so that a
/// rate which differs in each second is part of it. Otherwise it is computed as if responses came
/// independently of each other. Those of a closed loop depend on each other, and for them the interval is too
/// wide, but never too narrow. From 30 seconds on it also uses how much the seconds depend on each other,
/// when each is much like the one before (a server that is slow for half a minute). What they have from the
/// one before is removed (D. W. K. Andrews, J. C. Monahan, 1992). The variance of the mean is that of the
/// longest waves in the rest, 0.4 n^(2/3) cosines of equal weight, by Student's t with as many degrees (E.
/// Lazarus, D. J. Lewis, J. H. Stock, M. W. Watson, HAR Inference: Recommendations for Practice, 2018). Fewer
/// seconds can't show this and are taken for independent. If each second has 0.8 from the one before, a
/// minute is too short: then 90 of 100 intervals cover the truth.
[[nodiscard]] Estimate estimate_rate(const LoadResult& result);

/// The mean of what was measured, in nanoseconds; with censored values, no upper end is known. Nothing for
/// fewer than 2 values.
[[nodiscard]] std::optional<Estimate> estimate_mean(const Histogram& histogram);

/// `part` of `whole`, 0 to 1 (Wilson's interval); nothing if `whole` is 0.
[[nodiscard]] std::optional<Estimate> estimate_share(std::uint64_t part, std::uint64_t whole);

/// The requests that had no answer, or one of status 400 or more.
[[nodiscard]] std::uint64_t count_errors(const LoadResult& result);

}  // namespace leat::load
