#pragma once

#include <optional>
#include <string>

#include "cli/session/session.hpp"
#include "cli/terminal/system.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// The options of every command that runs a plan, as they were typed.
struct SessionOptions {
  std::optional<std::string> grace;
  std::optional<std::string> progress;
  bool quiet = false;
  bool verbose = false;
  bool debug = false;
  std::optional<std::string> slow_callback;
  std::optional<std::string> failed;
  std::optional<std::string> max_errors;
  bool fail_fast = false;
  std::optional<std::string> record;
  std::optional<std::string> replay;
};

/// Checks them. The Error's message names the option.
[[nodiscard]] Status read_session_options(const SessionOptions& options, System& system,
                                          SessionConfig& config);

/// --failed, --max-errors and --fail-fast, put into the plan. The Error's message names the option.
[[nodiscard]] Status read_failure_options(const SessionOptions& options, System& system,
                                          pipelines::Plan& plan);

/// --record and --replay, put into the plan: the directory to record into is made, one to replay is looked
/// into. The Error's message names the option.
[[nodiscard]] Status read_recording_options(const SessionOptions& options, pipelines::Plan& plan);

}  // namespace leat::cli
