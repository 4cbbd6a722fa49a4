#pragma once

#include "cli/terminal/system.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// Asks on the terminal, once a key, for the pass phrases that locked keys of the plan's fetches need and
/// that it does not give. Where there is no terminal the plan stays as it is, which check_plan refuses then.
void ask_pass_phrases(pipelines::Plan& plan, System& system);

}  // namespace leat::cli
