#pragma once

#include "cli/terminal/system.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// Asks on the terminal, once for each key, for the pass phrases that locked keys of the plan's fetches need
/// and that the plan does not give. Without a terminal the plan stays as it is, and check_plan then refuses
/// it.
void ask_pass_phrases(pipelines::Plan& plan, System& system);

}  // namespace leat::cli
