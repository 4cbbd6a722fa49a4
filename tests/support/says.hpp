#pragma once

#include <string_view>

#include "tests/support/process.hpp"

namespace leat::tests {

/// Whether a report has those words.
[[nodiscard]] inline bool says(std::string_view report, std::string_view words) {
  return report.find(words) != std::string_view::npos;
}

/// The same of the standard output of a run.
[[nodiscard]] inline bool says(const Finished& run, std::string_view words) { return says(run.out, words); }

}  // namespace leat::tests
