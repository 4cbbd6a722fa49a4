#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cli/bench/comparison.hpp"
#include "engine/error.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

/// A bound that a benchmark must keep: `p99<200ms`, `rate>=1000/s`, `error_rate<0.1%`; or one that a
/// comparison must keep, of the second over the first: `ratio.p99<1.1`.
struct Check {
  enum class Metric : std::uint8_t {
    percentile,
    mean,
    min,
    max,
    rate,
    error_rate,
    ratio_p50,
    ratio_p99,
    ratio_rate
  };
  enum class Op : std::uint8_t { less, less_equal, greater, greater_equal };

  std::string text;  // as typed
  Metric metric = Metric::percentile;
  double percentile = 0;
  Op op = Op::less;
  double bound = 0;  // nanoseconds, a rate per second, a share of 1, or a ratio

  [[nodiscard]] bool is_of_comparison() const noexcept { return metric >= Metric::ratio_p50; }
};

/// The Error names the option with this text, and says at which column of the text the mistake is.
[[nodiscard]] Result<Check> parse_check(std::string_view option, std::string_view text);

/// How sure a check must be before it fails.
enum class CheckMode : std::uint8_t {
  interval,  // it fails only if the whole interval is beyond the bound
  point,     // the measured value decides
};

struct CheckOutcome {
  enum class State : std::uint8_t {
    holds,
    undecided,  // the interval is on both sides, or nothing is known: it passes
    fails,
  };

  Check check;
  load::Estimate measured;  // highest is infinite if no upper end is known; NaN means that nothing is known
  State state = State::undecided;
  std::string note;  // why it is undecided, if this is not because of its interval
};

[[nodiscard]] std::string_view to_string(CheckOutcome::State state) noexcept;

/// Times are response times. A request without an answer has none: for a percentile, max or mean it is beyond
/// every bound.
[[nodiscard]] CheckOutcome apply(const Check& check, const load::LoadResult& result, CheckMode mode);

/// The same for a check of a comparison. A side that answered nothing well keeps no bound.
[[nodiscard]] CheckOutcome apply(const Check& check, const Comparison& comparison, CheckMode mode);

/// What the check is of, as it was typed: `p99`.
[[nodiscard]] std::string metric_of(const Check& check);

/// `value (lowest to highest)` in the check's own unit.
[[nodiscard]] std::string measured_text(const CheckOutcome& outcome);

}  // namespace leat::cli
