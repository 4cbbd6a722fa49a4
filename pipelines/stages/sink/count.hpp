#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `count`: it counts all records together, or those of each key.
struct CountArgs {
  std::string by;  // a program; empty: together
  std::string to = "-";
};
[[nodiscard]] const StageRow& row_of(const CountArgs& args) noexcept;

}  // namespace leat::pipelines
