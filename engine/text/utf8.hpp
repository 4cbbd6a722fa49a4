#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace leat::text {

/// U+FEFF, which some programs write at the start of a text. It is no part of it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The text behind its byte order mark, if it has one.
[[nodiscard]] constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

/// U+FFFD, which stands in place of what is not UTF-8.
inline constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

/// How many bytes the text has before its first one that is not part of well-formed UTF-8 (Unicode 15, table
/// 3-7: no surrogates, no overlong forms, nothing above U+10FFFF): its size, if all of it is.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;

[[nodiscard]] inline bool is_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

/// The length of the well-formed character that the text starts with; 0 if it starts with none.
[[nodiscard]] std::size_t character_length(std::string_view text) noexcept;

/// How many characters the text has; a byte that is not part of one counts as one, as in to_utf8().
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

/// The text with U+FFFD for each byte that is not part of a character.
[[nodiscard]] std::string to_utf8(std::string_view text);

/// Appends the character of that code point, which must be one: no surrogate, and at most U+10FFFF.
void append_utf8(std::string& out, std::uint32_t code);

/// At most `limit` bytes from the start of well-formed UTF-8, cut between two characters.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t limit) noexcept;

}  // namespace leat::text
