#pragma once

#include <string>
#include <vector>

#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// What `leat get --plan` prints: the plan as a spec in its canonical form, which `leat run` takes, explained
/// in comments. `run_level`: the options given that are no part of a plan, and that `leat run` takes as well.
/// Passwords and credentials are variables of the environment there; a comment says which.
[[nodiscard]] std::string get_plan_text(const pipelines::Plan& plan,
                                        const std::vector<std::string>& run_level);

/// The plan in one line for a log, without what may be a secret: bodies, header values, passwords.
[[nodiscard]] std::string one_line(const pipelines::Plan& plan);

}  // namespace leat::cli
