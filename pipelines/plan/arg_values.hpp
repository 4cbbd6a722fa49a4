#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace leat::pipelines {

// Values that the arguments of several stages have.

/// Ranges of HTTP statuses.
struct StatusSet {
  std::vector<std::pair<int, int>> ranges;  // both ends in it
  [[nodiscard]] bool contains(int status) const noexcept {
    return std::any_of(ranges.begin(), ranges.end(), [status](const auto& range) {
      return range.first <= status && status <= range.second;
    });
  }
  /// 400 and above: what `get` takes for a failure.
  static StatusSet errors() { return {{{400, 999}}}; }
};

/// A jq program as it is written.
struct ProgramText {
  std::string text;
};

/// Text with fields of the record as it is written.
struct TemplateText {
  std::string text;
};

/// Places of a record and where their new values come from.
using Changes = std::vector<std::pair<std::string, std::variant<ProgramText, TemplateText>>>;

}  // namespace leat::pipelines
