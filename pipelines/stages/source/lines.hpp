#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// lines: a record for each line of a file, or of standard input ("-").
struct LinesArgs {
  std::string path = "-";
};
[[nodiscard]] const StageRow& row_of(const LinesArgs& args) noexcept;

}  // namespace leat::pipelines
