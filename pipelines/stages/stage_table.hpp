#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// What there is to know of one stage. Parser, help, man page and planner read this table.
struct StageRow {
  Signature signature;
  /// Of a stage of that signature; what is missing has its default.
  StageArgs (*bind)(const BoundStage& stage);
  /// Of the args that belong to the row. bad_input for args that make no sense; does no I/O.
  Result<AnyStage> (*make)(StageArgs args, RunContext& context);
};

/// Every stage, in the order of StageArgs' alternatives.
[[nodiscard]] std::span<const StageRow> stage_table() noexcept;

[[nodiscard]] const StageRow& stage_row(const StageArgs& args) noexcept;

/// The signatures of all rows, in their order.
[[nodiscard]] std::span<const Signature> stage_signatures();

}  // namespace leat::pipelines
