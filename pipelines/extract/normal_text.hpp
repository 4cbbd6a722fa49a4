#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "pipelines/extract/attribute_value.hpp"

namespace leat::pipelines {

/// Joins pieces of text, each run of blanks as one and none at the ends, as a browser shows a paragraph.
/// Only ASCII blanks are: a no-break space stays.
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
