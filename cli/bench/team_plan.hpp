#pragma once

#include <string>

#include "cli/bench/report_config.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::cli {

/// What all members of a team must have typed alike, a line each: what is sent, and how. What may be secret
/// is there as a number that is made of it.
[[nodiscard]] std::string plan_lines(const load::LoadPlan& plan);

/// The same of what is asked of the plan: how many runs there are, and what each member decides about them.
[[nodiscard]] std::string question_lines(const ReportConfig& report);

}  // namespace leat::cli
