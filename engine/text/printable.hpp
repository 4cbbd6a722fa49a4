#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leat::text {

/// Text of unknown origin as it may be shown: no control character (C0, DEL, C1) is left in it, so that it
/// can't steer a terminal, and it is well-formed UTF-8. Any thread.

/// As a message may quote it: at most `limit` bytes, with U+FFFD in place of control characters and of bytes
/// that are not UTF-8.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit);

/// Control characters and bytes that are not UTF-8 become visible escapes (`\n`, `\x1b`); everything else
/// stays.
[[nodiscard]] std::string escaped(std::string_view text);

/// The same in double quotes, cut after `most` characters.
[[nodiscard]] std::string in_quotes(std::string_view text, std::size_t most = 80);

}  // namespace leat::text
