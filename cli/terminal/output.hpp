#pragma once

#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// Writes a text that was asked for to standard output. It is no error if the reader has closed it.
[[nodiscard]] ExitCode print(std::string_view all);

/// Prints `leat COMMAND: MESSAGE` on standard error, or `leat: MESSAGE` without a command.
void complain(std::string_view command, std::string_view message);

/// Gives each standard descriptor that is closed a file that fails when it is used; otherwise the next file
/// that is opened would take its place.
void hold_standard_descriptors();

}  // namespace leat::cli
