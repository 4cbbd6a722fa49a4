#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Bytes of one of the texts that a spec is made of.
struct Span {
  std::uint32_t source = 0;  // which text: 0 is the spec itself, others are included files
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// The texts that a spec is made of, and how people name the places in them.
///
/// Texts don't move, so views into them are valid as long as this lives. A byte order mark at the start of a
/// text is dropped.
class SourceTexts {
 public:
  /// A line and a column, both counted from 1. A column counts characters; a byte that belongs to none counts
  /// as one.
  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
  };

  std::uint32_t add(std::string name, std::string text);

  [[nodiscard]] const std::string& name(std::uint32_t source) const { return sources_[source].name; }
  [[nodiscard]] std::string_view text(std::uint32_t source) const { return sources_[source].text; }

  /// Gives the position of a span's first byte. It takes time linear in the text.
  [[nodiscard]] Position locate(Span span) const;
  /// Gives the line that holds a span's first byte, without its line end.
  [[nodiscard]] std::string_view line_of(Span span) const;

 private:
  struct Source {
    std::string name;
    std::string text;
  };
  std::deque<Source> sources_;
};

}  // namespace leat::pipelines
