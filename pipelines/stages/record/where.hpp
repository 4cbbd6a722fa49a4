#pragma once

#include <string>

namespace leat::pipelines {

class StageRow;

/// The arguments of `where`.
struct WhereArgs {
  std::string program;
};
[[nodiscard]] const StageRow& row_of(const WhereArgs& args) noexcept;

}  // namespace leat::pipelines
