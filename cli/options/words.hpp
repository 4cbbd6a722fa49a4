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
/// text::shell_word gives what is split back into a word.
///
/// bad_input for a quote that is not closed, and for no words at all.
[[nodiscard]] Result<std::vector<std::string>> split_words(std::string_view command);

}  // namespace leat::cli
