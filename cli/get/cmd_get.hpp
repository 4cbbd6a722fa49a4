#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// `leat get`, from its arguments to its exit status.
[[nodiscard]] ExitCode run_get(std::span<const std::string_view> arguments);

}  // namespace leat::cli
