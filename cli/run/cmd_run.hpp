#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// `leat run`: runs a spec. Once a process.
[[nodiscard]] ExitCode run_run(std::span<const std::string_view> arguments);

/// `leat check`: says what is wrong with a spec, or prints its plan.
[[nodiscard]] ExitCode run_check(std::span<const std::string_view> arguments);

}  // namespace leat::cli
