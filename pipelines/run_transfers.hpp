#pragma once

#include "pipelines/run.hpp"
#include "pipelines/stages/run_context.hpp"

namespace leat::pipelines {

/// Fills in what the stats say of transfers and of those that wait for one.
void look_at_transfers(RunStats& stats, const RunContext& context);

}  // namespace leat::pipelines
