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

/// Reads the words, texts and jq programs of one spec. Which of them may stand where is the parser's
/// business.
///
/// - Blanks are space, tab, newline and CR. A `#` after a blank, after one of `| { } ;` or at the start
/// begins
///   a comment that ends with its line.
/// - A word ends at a blank and at `| { } ( ) ; "`. But a `{` that directly follows characters of a word
///   belongs to it, up to its `}`: `http://h/{a,b}`, `out/{host}/{name}`. A word can't begin with `{`: there
///   a block begins. No blank stands inside such braces.
/// - A key is a name directly followed by `=`: a lower-case letter, then letters, digits, `_ . -`. Hence
///   `http://h/?a=1` is a word.
/// - A text in double quotes may have newlines in it; its escapes are those of quoted_text.hpp.
/// - `( … )` is jq, balanced with knowledge of jq's strings, `\( … )` inside these, and comments.
///
/// Faults go to the FaultList. What can't be mended (a quote that is not closed) ends the text.
class Lexer {
 public:
  static constexpr std::size_t kMaxDepth = 64;  // of parentheses in a jq program, and of blocks

  struct Comment {
    std::string text;
    bool own_line = false;  // nothing but blanks stands before it
  };

  Lexer(std::string_view text, std::uint32_t source, FaultList& faults) noexcept
      : text_(text), source_(source), faults_(faults) {}

  /// Goes to the next token; keeps the comments on the way.
  void skip_blanks();
  /// Those kept since the last call.
  [[nodiscard]] std::vector<Comment> take_comments() { return std::exchange(comments_, {}); }

  [[nodiscard]] bool at_end() const noexcept { return at_ == text_.size(); }
  /// The next character, NUL at the end.
  [[nodiscard]] char peek() const noexcept { return at_end() ? '\0' : text_[at_]; }
  /// Whether what comes directly follows the token before.
  [[nodiscard]] bool is_glued() const noexcept { return at_ == token_end_ && at_ > 0; }
  /// The next character, if it is this one.
  bool take(char c);
  /// The next word, if it is this one and ends here, or at a `=`.
  bool take_keyword(std::string_view word);

  /// All that may belong to the name of a stage; empty if nothing does.
  std::string_view stage_name();
  /// A name of a let; empty if none follows.
  std::string_view let_name();
  /// A key without its `=`, which is taken too; nothing if none follows.
  std::optional<std::string_view> key();
  /// A word, a quoted text or a jq program. At its start, not at the end, and not at a `|`, `{`, `}`, `)`,
  /// `;`.
  ast::Value value();

  /// Ends the text here, after a fault that leaves no sense in the rest.
  void stop() noexcept;
  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  [[nodiscard]] std::uint32_t offset() const noexcept { return static_cast<std::uint32_t>(at_); }
  [[nodiscard]] Span span_from(std::size_t begin) const noexcept { return span(begin, at_); }
  void fault(Span at, std::string message) { faults_.add(at, std::move(message)); }

  /// How many characters were looked at: a measure of the work done.
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

/// Whether a let, or a --set, may be called so: a letter or `_`, then letters, digits, `_ -`.
[[nodiscard]] bool is_let_name(std::string_view name) noexcept;

}  // namespace leat::pipelines
