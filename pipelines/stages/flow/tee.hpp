#pragma once

#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `tee`: the block that a copy of each record goes through as well.
struct TeeArgs {
  PlanPtr block;
};
[[nodiscard]] const StageRow& row_of(const TeeArgs& args) noexcept;

}  // namespace leat::pipelines
