#pragma once

#include <string>

#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::cli {

/// What was measured, as text for people: a few lines, each with its end.
[[nodiscard]] std::string bench_report(const load::LoadPlan& plan, const load::LoadResult& result);

}  // namespace leat::cli
