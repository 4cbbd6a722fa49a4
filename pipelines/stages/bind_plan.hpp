#pragma once

#include "pipelines/plan.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::pipelines {

/// The plan that a checked spec means, blocks included.
[[nodiscard]] Plan bind_plan(const BoundPipeline& pipeline);

}  // namespace leat::pipelines
