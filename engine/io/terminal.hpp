#pragma once

#include <cstddef>

namespace leat::io {

/// What may be written to a descriptor, as far as it is a terminal.
struct TerminalTraits {
  bool is_terminal = false;
  bool moves_cursor = false;  // TERM names one that knows ECMA-48
  bool is_utf8 = false;       // the locale's characters
};
[[nodiscard]] TerminalTraits terminal_traits(int fd);

/// The width of its window now; 0 if it is no terminal, 80 if it doesn't say.
[[nodiscard]] std::size_t terminal_columns(int fd) noexcept;

/// Whether colours may be used there if the user says nothing else: on a terminal that has them, unless
/// NO_COLOR is set and not empty (https://no-color.org); anywhere if CLICOLOR_FORCE is set and neither empty
/// nor 0 (https://bixense.com/clicolors).
[[nodiscard]] bool uses_colours(int fd);

}  // namespace leat::io
