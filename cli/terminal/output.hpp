#pragma once

#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// Writes a text that was asked for to standard output. A reader that closed it is no error.
[[nodiscard]] ExitCode print(std::string_view text);

/// `leat COMMAND: MESSAGE` on standard error; `leat: MESSAGE` without a command.
void complain(std::string_view command, std::string_view message);

/// Gives each standard descriptor that is closed something that fails where it is used: else the next file
/// opened would take its place.
void hold_standard_descriptors();

}  // namespace leat::cli
