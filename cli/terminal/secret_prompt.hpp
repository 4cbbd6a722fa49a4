#pragma once

#include <optional>
#include <string>

namespace leat::cli {

/// Asks on the process's terminal and reads a line without showing it. Nothing where there is no terminal, or
/// the line never ends. A signal that comes meanwhile first gets the terminal back into its state, then does
/// what it does. From the main thread, before others start.
[[nodiscard]] std::optional<std::string> ask_on_terminal(const std::string& prompt);

}  // namespace leat::cli
