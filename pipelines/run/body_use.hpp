#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// Whether a stage from the `from`-th on, or one in its blocks, reads the body of the records it gets, so
/// that `fetch` has to hold it in memory.
[[nodiscard]] bool reads_body(const std::vector<PlannedStage>& stages, std::size_t from);

/// Whether one of those blocks does.
[[nodiscard]] bool reads_body(const std::vector<std::pair<std::string, PlanPtr>>& blocks);

}  // namespace leat::pipelines
