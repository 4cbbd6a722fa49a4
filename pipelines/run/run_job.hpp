#pragma once

#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

/// Whether a state is that of a job, and not a file: its path is the URL of a Redis server.
[[nodiscard]] bool is_job(const std::string& state_path) noexcept;

/// What of a plan several processes can't do together: bad_input, which names it. Of a plan whose `state` is
/// a job's; of any other one nothing.
[[nodiscard]] Status check_job(const Plan& plan);

/// How a process takes part in the job of a plan that has one.
[[nodiscard]] Result<JobOptions> job_options(const Plan& plan);

}  // namespace leat::pipelines
