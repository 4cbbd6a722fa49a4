#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pipelines/extract/selector.hpp"

namespace leat::pipelines {

/// The blanks of HTML and CSS.
inline constexpr std::string_view kHtmlBlanks = " \t\r\n\f";

/// Whether an attribute's value is what a selector asks for; `wanted` is in lower case where `any_case`.
/// An empty `wanted` equals an empty value and otherwise matches nothing (Selectors 3, 6.3.2).
[[nodiscard]] bool value_matches(std::string_view value, Selector::Op op, std::string_view wanted,
                                 bool any_case);

/// Joins pieces of text as a browser shows a paragraph: each run of blanks becomes one blank, and none
/// stands at the ends. Only ASCII blanks count; a no-break space stays.
class NormalText {
 public:
  void append(std::string_view piece) {
    while (!piece.empty()) {
      const auto start = piece.find_first_not_of(kHtmlBlanks);
      blank_ = blank_ || start != 0;
      if (start == std::string_view::npos) return;
      piece.remove_prefix(start);
      const auto word = piece.substr(0, piece.find_first_of(kHtmlBlanks));
      if (blank_ && !text_.empty()) text_ += ' ';
      text_ += word;
      blank_ = false;
      piece.remove_prefix(word.size());
    }
  }

  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  std::string text_;
  bool blank_ = false;
};

}  // namespace leat::pipelines
