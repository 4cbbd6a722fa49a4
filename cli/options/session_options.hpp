#pragma once

#include <optional>
#include <string>

#include "cli/options/given.hpp"
#include "cli/session/session.hpp"
#include "cli/terminal/exit_code.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// --grace, --progress and the other options of how a run is shown. The Error's message names the option.
[[nodiscard]] Status read_session_options(const Given& given, System& system, SessionConfig& config);

/// --failed, --max-errors and --fail-fast, put into the plan. The Error's message names the option.
[[nodiscard]] Status read_failure_options(const Given& given, System& system, pipelines::Plan& plan);

/// --record and --replay, put into the plan: the directory to record into is made, one to replay is looked
/// into. The Error's message names the option.
[[nodiscard]] Status read_recording_options(const Given& given, pipelines::Plan& plan);

/// The journal that --state and --retry-failed ask for; none without --state. The Error names the option.
[[nodiscard]] Result<std::optional<pipelines::StateArgs>> read_state_options(const Given& given);

/// --status: what the journal says, as one JSON object on standard output. Also while a run is going.
[[nodiscard]] ExitCode print_state(const char* command, const std::string& path);

}  // namespace leat::cli
