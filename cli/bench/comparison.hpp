#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/load/bootstrap.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

/// How often something happened on both sides, as shares of all that was scheduled.
struct ShareComparison {
  std::string name;  // "error rate", "status 503"
  double a = 0;
  double b = 0;
  double lowest = 0;  // the interval of b - a
  double highest = 0;

  [[nodiscard]] bool differs() const noexcept { return lowest > 0 || highest < 0; }
};

/// A comparison of two things that were measured: b over a.
struct Comparison {
  std::string a;  // their names
  std::string b;
  load::Tally of_a;  // what was counted
  load::Tally of_b;
  std::size_t groups = 0;  // ABBA blocks; 0 for two runs at different times
  std::optional<load::Ratio> median;
  std::optional<load::Ratio> p99;
  std::optional<load::Ratio> rate;
  std::vector<ShareComparison> shares;  // the error rate, and each status that is not alike on both sides

  /// True if any of the three intervals does not contain 1, or any of the shares differs.
  [[nodiscard]] bool differs() const noexcept;
  /// True if there is anything to say.
  [[nodiscard]] bool known() const noexcept { return median || p99 || rate; }
};

using StatusCounts = std::map<int, std::uint64_t>;

/// Sets what both sides counted, and compares it. The intervals are Newcombe's, of the difference of two
/// shares (Statistics in Medicine 17, 1998, method 10).
void compare_counts(Comparison& comparison, const load::Tally& a, const StatusCounts& a_statuses,
                    const load::Tally& b, const StatusCounts& b_statuses);

/// Says that a side answered nothing well, or both; empty if each answered something.
[[nodiscard]] std::string failed_side_sentence(const Comparison& comparison);

/// One sentence, with its full stop, that says whether they differ, and in which values.
[[nodiscard]] std::string comparison_sentence(const Comparison& comparison);

/// The sentence and the three ratios, each on a line, and the shares that there are.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);

/// A share as people read it: `0.25 %`.
[[nodiscard]] std::string share_text(double share);

}  // namespace leat::cli
