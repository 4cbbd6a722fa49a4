#pragma once

#include <string>
#include <vector>

#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::pipelines {

/// The plan that a checked spec means, blocks included. Every signature in it is that of a StageRow.
[[nodiscard]] Plan bind_plan(const BoundPipeline& pipeline);

/// The values of all secret:NAME in it, those in templates included.
[[nodiscard]] std::vector<std::string> secrets_of(const BoundPipeline& pipeline);

}  // namespace leat::pipelines
