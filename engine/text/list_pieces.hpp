#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace leat::text {

/// The end of what stands in brackets at the start of the text, behind its ']', which doesn't count within
/// double quotes; 1 if the bracket is not closed, so that it is a character like any other.
[[nodiscard]] constexpr std::size_t end_of_brackets(std::string_view text) noexcept {
  bool is_quoted = false;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == '"') is_quoted = !is_quoted;
    if (text[at] == ']' && !is_quoted) return at + 1;
  }
  return 1;
}

/// The pieces of a list such as a,meta["b,c"],d: what stands between its commas, but for those in brackets.
/// There is one more than there are such commas: an empty text has one empty piece.
[[nodiscard]] inline std::vector<std::string_view> list_pieces(std::string_view list) {
  std::vector<std::string_view> pieces;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < list.size();) {
    if (list[at] == ',') {
      pieces.push_back(list.substr(begin, at - begin));
      begin = ++at;
    } else {
      at += list[at] == '[' ? end_of_brackets(list.substr(at)) : 1;
    }
  }
  pieces.push_back(list.substr(begin));
  return pieces;
}

}  // namespace leat::text
