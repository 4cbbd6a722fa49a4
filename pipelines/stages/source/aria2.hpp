#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// aria2: a record for each download of one of aria2's input files.
struct Aria2Args {
  std::string path = "-";
};
[[nodiscard]] const StageRow& row_of(const Aria2Args& args) noexcept;

}  // namespace leat::pipelines
