#pragma once

#include <vector>

#include "engine/async/task_state.hpp"
#include "pipelines/run/planner.hpp"
#include "pipelines/run/run.hpp"
#include "pipelines/run/stage_info.hpp"

namespace leat::pipelines {

/// Whether a pool of the pipeline, commands for instance, has something to do.
[[nodiscard]] bool is_at_work(const Pipeline& pipeline);

/// What a stage in its place looks like at this moment; `task` is the one that it runs in. Loop thread only.
[[nodiscard]] StageInfo look_at(const Pipeline::Seat& seat, const async::TaskState& task);

/// What is between its stages, where anything still goes.
[[nodiscard]] std::vector<QueueInfo> look_at_queues(const Pipeline& pipeline);

}  // namespace leat::pipelines
