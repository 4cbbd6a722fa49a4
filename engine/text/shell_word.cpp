#include "engine/text/shell_word.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"

namespace leat::text {

std::string single_quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? std::string_view("'\\''") : std::string_view(&c, 1);
  return quoted + "'";
}

std::string shell_word(std::string_view word) {
  constexpr std::string_view kMarks =
      "%+,-./:=@_";  // which a shell takes as they are, like letters and digits
  const bool is_plain = std::all_of(
      word.begin(), word.end(), [&](char c) { return is_alphanumeric(c) || kMarks.find(c) != kMarks.npos; });
  if (is_plain && !word.empty()) return std::string(word);
  return single_quoted(word);
}

}  // namespace leat::text
