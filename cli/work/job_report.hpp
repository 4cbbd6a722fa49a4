#pragma once

#include <string>

#include "pipelines/state/job.hpp"

namespace leat::cli {

/// What is known of a job, for people: a few lines.
[[nodiscard]] std::string job_text(const pipelines::JobStatus& status);
/// The same as one JSON object, in a line.
[[nodiscard]] std::string job_json(const pipelines::JobStatus& status);

}  // namespace leat::cli
