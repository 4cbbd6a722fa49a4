#include "pipelines/extract/markup_text.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"

namespace leat::pipelines {

namespace {

bool has_word(std::string_view value, std::string_view word) noexcept {
  if (word.empty() || word.find_first_of(kHtmlBlanks) != std::string_view::npos) return false;
  for (std::size_t at = value.find(word); at != std::string_view::npos; at = value.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || kHtmlBlanks.find(value[at - 1]) != std::string_view::npos;
    const bool ends = end == value.size() || kHtmlBlanks.find(value[end]) != std::string_view::npos;
    if (starts && ends) return true;
  }
  return false;
}

}  // namespace

bool value_matches(std::string_view value, Selector::Op op, std::string_view wanted, bool any_case) {
  if (any_case) return value_matches(text::to_lower(value), op, wanted, false);
  switch (op) {
    case Selector::Op::present:
      return true;
    case Selector::Op::equals:
      return value == wanted;
    case Selector::Op::word:
      return has_word(value, wanted);
    case Selector::Op::dash:
      return value.starts_with(wanted) && (value.size() == wanted.size() || value[wanted.size()] == '-');
    case Selector::Op::prefix:
      return !wanted.empty() && value.starts_with(wanted);
    case Selector::Op::suffix:
      return !wanted.empty() && value.ends_with(wanted);
    case Selector::Op::substring:
      return !wanted.empty() && value.find(wanted) != std::string_view::npos;
  }
  return false;
}

}  // namespace leat::pipelines
