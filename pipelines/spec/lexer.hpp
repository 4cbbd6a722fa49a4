#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pipelines/spec/ast.hpp"
#include "pipelines/spec/diagnostics.hpp"

namespace leat::pipelines {

/// Reads the words, texts and jq programs of one spec. The parser decides which of them may stand where.
///
/// - Blanks are space, tab, newline and CR. A `#` after a blank, after one of `| { } ;` or at the start
///   begins a comment, which ends with its line.
/// - A word ends at a blank and at `| { } ( ) ; "`. But a `{` that directly follows characters of a word
///   belongs to it, up to its `}`: `http://h/{a,b}`, `out/{host}/{name}`. A word can't begin with `{`,
///   because there a block begins. There are no blanks inside such braces.
/// - A key is a name directly followed by `=`: a lower-case letter, then letters, digits, `_ . -`. So
///   `http://h/?a=1` is a word.
/// - A text in double quotes may contain newlines; its escapes are those of quoted_text.hpp.
/// - `( … )` is jq. Its parentheses are balanced with knowledge of jq's strings, of `\( … )` inside these,
///   and of comments.
///
/// Faults go to the FaultList. What can't be mended (a quote that is not closed) ends the text.
class Lexer {
 public:
  static constexpr std::size_t kMaxDepth = 64;  // for parentheses in a jq program, and for blocks

  struct Comment {
    std::string text;
    bool own_line = false;  // only blanks stand before it
  };

  Lexer(std::string_view text, std::uint32_t source, FaultList& faults) noexcept
      : text_(text), source_(source), faults_(faults) {}

  /// Goes to the next token and keeps the comments on the way.
  void skip_blanks();
  /// Gives those that were kept since the last call.
  [[nodiscard]] std::vector<Comment> take_comments() { return std::exchange(comments_, {}); }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  /// Gives the next character, or NUL at the end.
  [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
  /// Says whether what comes next directly follows the token before.
  [[nodiscard]] bool is_glued() const noexcept { return at_ == token_end_ && at_ > 0; }
  /// Takes the next character if it is this one.
  bool take(char c);
  /// Takes the next word if it is this one and ends here or at a `=`.
  bool take_keyword(std::string_view word);

  /// Takes all that may belong to the name of a stage; empty if nothing does.
  std::string_view stage_name();
  /// Takes the name of a let; empty if none follows.
  std::string_view let_name();
  /// Takes a key and its `=`, and gives it without the `=`; gives nothing if none follows.
  std::optional<std::string_view> key();
  /// Takes a word, a quoted text or a jq program. It must begin here, so not at the end and not at `|`, `{`,
  /// `}`, `)` or `;`.
  ast::Value value();

  /// Ends the text here, after a fault that makes the rest meaningless.
  void stop() noexcept;
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  [[nodiscard]] std::uint32_t offset() const noexcept { return static_cast<std::uint32_t>(at_); }
  [[nodiscard]] Span span_from(std::size_t begin) const noexcept { return span(begin, at_); }
  void fault(Span at, std::string message) { faults_.add(at, std::move(message)); }

  /// Gives how many characters were looked at, as a measure of the work done.
  [[nodiscard]] std::size_t steps() const noexcept { return steps_; }

 private:
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const noexcept {
    return Span{source_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  void advance(std::size_t count = 1) noexcept {
    at_ += count;
    steps_ += count;
  }
  template <class Belongs>
  std::string_view run(Belongs belongs);
  void end_token() noexcept;

  ast::Value word();
  ast::Value quoted_text();
  ast::Value jq_program();

  std::string_view text_;
  std::uint32_t source_;
  FaultList& faults_;
  std::size_t at_ = 0;
  std::size_t token_end_ = 0;
  std::size_t steps_ = 0;
  bool fresh_line_ = true;  // no token stands on this line before at_
  bool stopped_ = false;
  std::vector<Comment> comments_;
};

/// Says whether a let, or a --set, may have this name: a letter or `_`, then letters, digits, `_ -`.
[[nodiscard]] bool is_let_name(std::string_view name) noexcept;

}  // namespace leat::pipelines
