#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/terminal/exit_code.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::cli {

/// The options of a command that keeps a journal, as they were typed.
struct StateOptions {
  std::optional<std::string> state;
  bool retry_failed = false;
  bool status = false;
};

/// The journal that they ask for, none without --state. The Error names the option.
[[nodiscard]] Result<std::optional<pipelines::StateArgs>> read_state_options(const StateOptions& options);

/// --status: what the journal says, as one JSON object on standard output. Also while a run is going.
[[nodiscard]] ExitCode print_state(const char* command, const std::string& path);

}  // namespace leat::cli
