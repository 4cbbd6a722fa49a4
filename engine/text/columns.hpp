#pragma once

#include <cstddef>
#include <string_view>

namespace leat::text {

/// How many columns of a terminal a character takes: 2 if it is wide (Unicode 15: East Asian wide and
/// fullwidth, emoji), 0 if it is drawn over the one before (combining marks, joiners), else 1. `character` is
/// one well-formed character of UTF-8; a byte that is none takes 1. Where terminals differ, as with what a
/// variation selector makes an emoji, this is the larger number, so that a line that is cut by it never
/// wraps.
[[nodiscard]] std::size_t columns_of_character(std::string_view character) noexcept;

/// The same of a whole text without control characters.
[[nodiscard]] std::size_t columns_of(std::string_view text) noexcept;

/// As much of the text as fits into that many columns, cut between two characters. What is drawn over the
/// last one stays with it.
[[nodiscard]] std::string_view cut_to_columns(std::string_view text, std::size_t columns) noexcept;

/// The same of the text's end. What would be drawn over a character that is cut off goes with it.
[[nodiscard]] std::string_view last_columns(std::string_view text, std::size_t columns) noexcept;

}  // namespace leat::text
