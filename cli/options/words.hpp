#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"

namespace leat::cli {

/// Splits a command into words as a POSIX shell does (XCU 2.2): blanks part them; in '…' everything stands
/// for itself, in "…" all but \" \\ \$ \` and a backslash before a line end; elsewhere a backslash quotes the
/// next character. Nothing is expanded: `$`, `*`, `|` and the like are characters as any other.
///
/// bad_input for a quote that is not closed, and for no words at all.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view command);

/// The word as a POSIX shell has to be given it, and split_words: as it is, or in '…'.
[[nodiscard]] std::string shell_word(std::string_view word);

}  // namespace leat::cli
