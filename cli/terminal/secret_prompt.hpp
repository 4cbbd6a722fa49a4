#pragma once

#include <optional>
#include <string>

namespace leat::cli {

/// Asks on the process's terminal and reads a line without showing it. It gives nothing if there is no
/// terminal, or if the line never ends. If a signal comes meanwhile, the terminal is first put back into its
/// state, and then the signal has its effect. It is called on the main thread, before others start.
[[nodiscard]] std::optional<std::string> ask_on_terminal(const std::string& prompt);

}  // namespace leat::cli
