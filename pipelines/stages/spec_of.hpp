#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "pipelines/plan/plan.hpp"
#include "pipelines/spec/ast.hpp"

namespace leat::pipelines {

/// A value that a spec doesn't show: secret:VARIABLE stands in its place.
struct HiddenValue {
  std::string variable;  // LEAT_PLAN_USER
  std::string what;      // "the value of user="
  std::string value;
};

/// A plan as a spec that means the same: bound again, with the hidden values in the environment, it gives the
/// same plan.
struct PlanSpec {
  ast::Pipeline tree;
  std::vector<HiddenValue> hidden;
};

/// What is hidden: passwords and the headers and URLs that hold credentials; or, for a log, also what may be
/// a secret: bodies and the values of all headers.
enum class Hide : std::uint8_t { credentials, values };

/// Of a plan of the stages that `leat get` makes: its sources, dedupe, fetch, save, exec, ordered, write;
/// another one is `internal`. What is not said has its default.
[[nodiscard]] Result<PlanSpec> spec_of(const Plan& plan, Hide hide);

}  // namespace leat::pipelines
