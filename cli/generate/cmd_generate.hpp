#pragma once

#include <span>
#include <string_view>

#include "cli/terminal/exit_code.hpp"

namespace leat::cli {

/// `leat generate WHAT`: prints what is made of the tables of options and stages, on standard output.
///
/// `man get|run|check|bench` is the list of a command's options as its manual page has it, in mdoc(7):
/// headings and items, each with its line of help. `bash`, `zsh` and `fish` are the completions for that
/// shell.
[[nodiscard]] ExitCode run_generate(std::span<const std::string_view> arguments);

}  // namespace leat::cli
