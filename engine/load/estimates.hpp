#pragma once

#include <cstdint>
#include <optional>

#include "engine/load/load_result.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::load {

/// A number that was measured and the 95 % interval around it; an end that isn't known is infinite.
struct Estimate {
  double value = 0;
  double lowest = 0;
  double highest = 0;
};

/// Responses a second. From whole seconds of the series where there are at least 5 (their mean, by Student's
/// t, so that a rate which is another each second is in it); else as if responses came independently of each
/// other, which those of a closed loop do less than that: their interval is then too wide, never too narrow.
///
/// From 30 seconds on it is also seen how seconds hang together, each being much as the one before (a server
/// that is slow for half a minute): what they have of the one before is taken off (D. W. K. Andrews, J. C.
/// Monahan, 1992), and the variance of the mean is that of the longest waves in the rest, 0.4 n^(2/3) cosines
/// of equal weight, by Student's t of as many degrees (E. Lazarus, D. J. Lewis, J. H. Stock, M. W. Watson,
/// HAR Inference: Recommendations for Practice, 2018). Fewer seconds can't tell, and are taken as
/// independent; where each has 0.8 of the one before a minute is too short: 90 of 100 intervals cover then.
[[nodiscard]] Estimate estimate_rate(const LoadResult& result);

/// The mean in nanoseconds, of what was measured; with censored values no upper end is known. Nothing of
/// fewer than 2.
[[nodiscard]] std::optional<Estimate> estimate_mean(const Histogram& histogram);

/// `part` of `whole`, 0 to 1 (Wilson's interval); nothing of none.
[[nodiscard]] std::optional<Estimate> estimate_share(std::uint64_t part, std::uint64_t whole);

/// The requests that came to nothing or were answered by a status of 400 or more.
[[nodiscard]] std::uint64_t count_errors(const LoadResult& result);

}  // namespace leat::load
