#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/load/bootstrap.hpp"

namespace leat::cli {

/// Two things that were measured, held against each other: b over a.
struct Comparison {
  std::string a;  // what they are called
  std::string b;
  std::size_t groups = 0;  // ABBA blocks; 0: two runs at different times
  std::optional<load::Ratio> median;
  std::optional<load::Ratio> p99;
  std::optional<load::Ratio> rate;

  /// Whether any of the three intervals leaves 1 out.
  [[nodiscard]] bool differs() const noexcept;
  /// Whether there is anything to say.
  [[nodiscard]] bool known() const noexcept { return median || p99 || rate; }
};

/// One sentence, with its full stop, that says whether they differ, and in what.
[[nodiscard]] std::string comparison_sentence(const Comparison& comparison);

/// The sentence and the three ratios, a line each.
[[nodiscard]] std::string comparison_text(const Comparison& comparison);

}  // namespace leat::cli
