#pragma once

#include <string>
#include <string_view>

namespace leat::text {

/// The text in '…', as a POSIX shell, zsh and fish read it.
[[nodiscard]] std::string single_quoted(std::string_view text);

/// The word as a POSIX shell has to be given it (XCU 2.2): as it is, or in '…'.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace leat::text
