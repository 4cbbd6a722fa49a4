#pragma once

#include <cstddef>
#include <functional>
#include <string>

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

/// Gives the value of a variable of the environment; empty if it is not set.
using Environment = std::function<std::string(const char* name)>;

/// Whether a terminal moves its cursor: TERM names one that knows ECMA-48.
[[nodiscard]] bool moves_cursor(const Environment& environment);

/// Whether the locale's characters are UTF-8. LC_ALL counts more than LC_CTYPE, and that more than LANG.
[[nodiscard]] bool locale_is_utf8(const Environment& environment);

/// Whether colours may be used if the user says nothing else: on a terminal that has them, unless NO_COLOR is
/// set and not empty (https://no-color.org); anywhere if CLICOLOR_FORCE is set and neither empty nor 0
/// (https://bixense.com/clicolors).
[[nodiscard]] bool uses_colours(bool is_terminal, const Environment& environment);
/// The same of a descriptor, with the environment of this process.
[[nodiscard]] bool uses_colours(int fd);

}  // namespace leat::io
