#pragma once

#include <span>

#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

/// The row of every stage, in the order in which `leat help` lists them.
[[nodiscard]] std::span<const StageRow* const> stage_table();

/// The signatures of all rows, in their order.
[[nodiscard]] std::span<const Signature> stage_signatures();

}  // namespace leat::pipelines
