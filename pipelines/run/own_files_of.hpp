#pragma once

#include "pipelines/plan/plan.hpp"
#include "pipelines/result/own_files.hpp"

namespace leat::pipelines {

/// The files that a run of this plan reads and writes for itself, but for its outputs and what --failed
/// names.
[[nodiscard]] OwnFiles own_files_of(const Plan& plan);

/// Refuses a plan whose cookie jar would overwrite its list, its journal or its sums.
[[nodiscard]] Status check_cookie_jars(const Plan& plan);

}  // namespace leat::pipelines
