#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/load/bootstrap.hpp"

namespace leat::cli {

/// A comparison of two things that were measured: b over a.
struct Comparison {
  std::string a;  // their names
  std::string b;
  std::size_t groups = 0;  // ABBA blocks; 0 for two runs at different times
  std::optional<load::Ratio> median;
  std::optional<load::Ratio> p99;
  std::optional<load::Ratio> rate;

  /// True if any of the three intervals does not contain 1.
  [[nodiscard]] bool differs() const noexcept;
  /// True if there is anything to say.
  [[nodiscard]] bool known() const noexcept { return median || p99 || rate; }
};

/// One sentence, with its full stop, that says whether they differ, and in which values.
[[nodiscard]] std::string comparison_sentence(const Comparison& comparison);

/// The sentence and the three ratios, each on a line.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);

}  // namespace leat::cli
