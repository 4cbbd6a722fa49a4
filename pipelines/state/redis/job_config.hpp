#pragma once

#include <string>

#include "engine/error.hpp"
#include "engine/redis/reply.hpp"
#include "pipelines/state/run_config.hpp"

namespace leat::pipelines {

/// What makes it the same run, as one text that a job keeps.
[[nodiscard]] std::string config_text(const JournalConfig& config);
[[nodiscard]] JournalConfig config_of_text(const std::string& text);

/// Why a process can't take part, by what job_scripts::kJoin has answered; nothing if it can. bad_input.
/// `shown` names the server and the job.
[[nodiscard]] Status refusal_of_job(const redis::Reply& reply, const std::string& shown);
/// The same for a job that is there, and does other work.
[[nodiscard]] Status difference_of_job(const redis::Reply& reply, const JournalConfig& config,
                                       const std::string& shown);

}  // namespace leat::pipelines
