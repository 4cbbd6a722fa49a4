#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// Runs `leat bench`, from its arguments to its exit status.
[[nodiscard]] ExitCode run_bench(std::span<const std::string_view> arguments);

}  // namespace leat::cli
