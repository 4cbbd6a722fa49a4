#pragma once

#include "pipelines/plan/plan.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::pipelines {

/// Knows every secret of the plan: what secret:NAME stands for, passwords of user=, the headers that are made
/// of secrets and those that hold credentials; also as they look in JSON, in a URL and in Basic
/// authentication. The same plan, the same numbers.
[[nodiscard]] Redactor redactor_of(const Plan& plan);

}  // namespace leat::pipelines
