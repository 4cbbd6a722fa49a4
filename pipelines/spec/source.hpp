#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Bytes of one text that a spec is made of.
struct Span {
  std::uint32_t source = 0;  // which text: the spec itself is 0, an included file another
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The texts that a spec is made of, and what people call the places in them.
///
/// Texts stay where they are until the end: views into them are good as long as this lives. A byte order mark
/// at a text's start is dropped.
class SourceTexts {
 public:
  /// Lines and columns, both from 1; a column counts characters (a byte that is part of none is one).
  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
  };

  std::uint32_t add(std::string name, std::string text);

  [[nodiscard]] const std::string& name(std::uint32_t source) const { return sources_[source].name; }
  [[nodiscard]] std::string_view text(std::uint32_t source) const { return sources_[source].text; }

  /// Of a span's first byte. Takes time linear in the text.
  [[nodiscard]] Position locate(Span span) const;
  /// The line that holds a span's first byte, without its end.
  [[nodiscard]] std::string_view line_of(Span span) const;

 private:
  struct Source {
    std::string name;
    std::string text;
  };
  std::deque<Source> sources_;
};

inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// How many characters a text has; a byte that is part of none is one.
[[nodiscard]] std::size_t count_characters(std::string_view text) noexcept;

}  // namespace leat::pipelines
