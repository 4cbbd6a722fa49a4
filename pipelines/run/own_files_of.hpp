#pragma once

#include "pipelines/flow/run_context.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/result/own_files.hpp"

namespace leat::pipelines {

/// The files that a run of this plan reads and writes for itself, and its outputs that are open by now.
[[nodiscard]] OwnFiles own_files_of(const Plan& plan, const RunContext& context);

}  // namespace leat::pipelines
