#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// Runs what a whole command line asks for, and gives the status to exit with. Once a process.
[[nodiscard]] ExitCode run_command(std::span<const std::string_view> arguments);

}  // namespace leat::cli
