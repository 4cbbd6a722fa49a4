#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// `leat work URL`: works on a job that is there already, shows it, or removes it. Once a process.
[[nodiscard]] ExitCode run_work(std::span<const std::string_view> arguments);

}  // namespace leat::cli
