#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Gives the tokens of a native program one by one as the parser asks for them, by jq's own lexical rules.
///
/// `peek` looks at the next byte without skipping blanks and comments; everything else skips them first.
class NativeScanner {
 public:
  explicit NativeScanner(std::string_view text) noexcept : text_(text) {}

  /// Gives '\0' at the end of the text.
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void skip(std::size_t bytes = 1) noexcept { at_ += bytes; }
  void blanks() noexcept;
  [[nodiscard]] bool at_end() noexcept;
  [[nodiscard]] bool next_is(char c) noexcept {
    blanks();
    return peek() == c;
  }

  bool take(std::string_view sign) noexcept;
  /// Takes the word only if it is whole: `and`, but not the start of `android`.
  bool take_word(std::string_view word) noexcept;
  /// Takes a '?', but not the start of "?//", which is a sign of its own in jq.
  bool take_question_mark() noexcept;

  /// Takes a name of letters, digits and '_'; it is empty if there is none here.
  std::string_view name() noexcept;
  /// Takes the rest of a string behind its first quote, or behind an interpolation, up to the quote that ends
  /// it or to the next "\(", which is taken too. `more` then says that it was the latter.
  std::optional<std::string_view> stretch(bool& more) noexcept;
  /// Takes a literal number without a sign, as JSON has it, or with zeros before it.
  std::optional<std::string_view> number();
  /// Takes at most nine digits.
  std::optional<long> integer();

  [[nodiscard]] bool at_digit() const noexcept;
  [[nodiscard]] bool at_name() const noexcept;
  /// Says whether a step of a path is here: ".name", "."text"", or a bracket.
  [[nodiscard]] bool at_step() const noexcept;
  /// Says whether the '.' here means the whole input and what stands behind its blanks is no part of it: jq
  /// reads ". name" and `. "name"` as paths, or refuses them.
  [[nodiscard]] bool dot_stands_alone() const noexcept;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace leat::pipelines
