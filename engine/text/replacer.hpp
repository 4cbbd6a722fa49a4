#pragma once

#include <bitset>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::text {

/// Puts `by` in place of `what`, wherever it stands; what was put in is not looked at again. Says whether it
/// was there. `what` is not empty.
bool replace_all(std::string& text, std::string_view what, std::string_view by);

/// Puts other texts in place of given ones, in one pass from the left, the longest first where several begin
/// at the same byte; what was put in is not looked at again. Immutable, so for any thread.
class Replacer {
 public:
  Replacer() = default;
  /// Each pair is a text and what replaces it. Empty texts are not looked for.
  explicit Replacer(std::vector<std::pair<std::string, std::string>> pairs);

  [[nodiscard]] bool empty() const noexcept { return pairs_.empty(); }
  [[nodiscard]] std::string apply(std::string_view text) const;
  /// The same for a text that comes in pieces: what may be the beginning of a text to replace stays in `held`
  /// until the next piece comes, or until `is_last`.
  [[nodiscard]] std::string apply_piece(std::string& held, std::string_view piece, bool is_last) const;

 private:
  using Pair = std::pair<std::string, std::string>;
  [[nodiscard]] const Pair* match(std::string_view rest) const noexcept;
  [[nodiscard]] bool may_begin(std::string_view rest) const noexcept;

  std::vector<Pair> pairs_;  // the longest first
  std::bitset<256> firsts_;  // bytes that one of them begins with
};

}  // namespace leat::text
