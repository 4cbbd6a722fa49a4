#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "engine/error.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/spec/signature.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// What there is to know of one stage. Parser, help and planner read this table.
struct StageRow {
  std::string_view name;
  StageKind kind;
  std::string_view help;
  /// Of the args that belong to the row. bad_input for args that make no sense; does no I/O.
  Result<AnyStage> (*make)(StageArgs args, RunContext& context);
};

/// Every stage, in the order of StageArgs' alternatives.
[[nodiscard]] std::span<const StageRow> stage_table() noexcept;

[[nodiscard]] const StageRow& stage_row(const StageArgs& args) noexcept;

}  // namespace leat::pipelines
