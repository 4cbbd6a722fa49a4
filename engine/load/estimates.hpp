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

/// The good answers per second, and how sure that is by what the run's blocks show (`settle_rate`): seconds
/// of a long run, twentieths of a second and more of a short one.
///
/// Blocks, and not counting noise: a server whose rate differs from tenth to tenth is less sure than its
/// number of answers says, and a closed loop is more. The interval is of this run; what else differs from run
/// to run is not in it. With fewer than 8 blocks no interval is known, and its ends are 0 and infinite. From
/// 8 blocks on it is Student's t. From 30 on it also uses how much blocks depend on each other, when each is
/// much like the one before (a server that is slow for half a minute). What they have from the one before is
/// removed (D. W. K. Andrews, J. C. Monahan, 1992). The variance of the mean is that of the
/// longest waves in the rest, 0.4 n^(2/3) cosines of equal weight, by Student's t with as many degrees (E.
/// Lazarus, D. J. Lewis, J. H. Stock, M. W. Watson, HAR Inference: Recommendations for Practice, 2018). Fewer
/// blocks can't show this and are taken for independent. If each second has 0.8 from the one before, a minute
/// is too short: then 90 of 100 intervals cover the truth. If no answer came at all, the interval ends where
/// that would be seen in 1 of 40 runs.
[[nodiscard]] Estimate estimate_rate(const LoadResult& result);

/// The mean of what was measured, in nanoseconds; with censored values, no upper end is known. Nothing for
/// fewer than 2 values.
[[nodiscard]] std::optional<Estimate> estimate_mean(const Histogram& histogram);

/// `part` of `whole`, 0 to 1 (Wilson's interval); nothing if `whole` is 0.
[[nodiscard]] std::optional<Estimate> estimate_share(std::uint64_t part, std::uint64_t whole,
                                                     double confidence = kConfidence);

/// All that was not answered as it should be: failed, timed out, never sent, never answered, or answered with
/// a status that is not expected.
[[nodiscard]] std::uint64_t count_errors(const Tally& tally) noexcept;

/// The share that those are of all that was scheduled.
[[nodiscard]] std::optional<Estimate> estimate_error_rate(const Tally& tally);

}  // namespace leat::load
