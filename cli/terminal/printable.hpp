#pragma once

#include <string>
#include <string_view>

namespace leat::cli {

/// The text as it may be shown on a terminal: control characters, C1 ones and bytes that are no UTF-8 become
/// visible escapes (`\n`, `\x1b`), everything else stays.
[[nodiscard]] std::string printable(std::string_view text);

/// The same in double quotes, cut after `most` characters.
[[nodiscard]] std::string in_quotes(std::string_view text, std::size_t most = 80);

}  // namespace leat::cli
