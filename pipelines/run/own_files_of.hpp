#pragma once

#include <string>
#include <vector>

#include "pipelines/plan/plan.hpp"
#include "pipelines/result/own_files.hpp"

namespace leat::pipelines {

/// The files that a run of this plan reads and writes for itself, but for its outputs and what --failed
/// names. `inputs` are those that were read to make the plan: the spec, its includes, the configuration.
[[nodiscard]] OwnFiles own_files_of(const Plan& plan, const std::vector<std::string>& inputs);

/// Refuses a plan that reads standard input twice, or whose cookie jar would overwrite one of these files;
/// only the file of its cookies it may.
[[nodiscard]] Status check_files(const Plan& plan, const std::vector<std::string>& inputs);

}  // namespace leat::pipelines
