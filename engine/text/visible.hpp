#pragma once

#include <string>
#include <string_view>

namespace leat::text {

/// A text that is about to be printed on a terminal, with everything made visible in it that would steer the
/// terminal: control characters (C0, DEL, C1) other than line ends and tabs, bytes that are no UTF-8, and
/// what turns the direction of the text behind it (U+202A to U+202E, U+2066 to U+2069; UAX 9), which would
/// show another order than there is. What stands beyond ASCII becomes `\u202e`, as JSON has it, so that lines
/// of JSON stay what they are; else it is `\x1b`.
[[nodiscard]] std::string made_visible(std::string_view text);

/// Whether the text begins with a character that turns the direction of what follows it, as above: it would
/// show a name such as "exe.txt" in another order than it is.
[[nodiscard]] bool turns_direction(std::string_view text) noexcept;

/// A text of UTF-8 for a terminal that has other characters: what leat itself prints (×, …, →, –) becomes
/// something alike that is as wide, and every other character beyond ASCII a question mark. Only ± and ≥, of
/// which no table is made, become the two characters +- and >=.
[[nodiscard]] std::string in_ascii(std::string_view text);

}  // namespace leat::text
