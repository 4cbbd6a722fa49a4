#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace leat::pipelines {

/// curl's URL globbing: "http://{a,b}.org/[01-10]/[a-z:2]" stands for each URL that comes of one choice from
/// each set, the last one changing fastest. A backslash before one of "{}[],\\" takes its meaning away;
/// "[::1]" and what else is no range is taken as it is. Ranges count up or down; leading zeros are kept.
/// Immutable.
class UrlPattern {
 public:
  static Compiled<UrlPattern> compile(std::string_view text);

  /// How many URLs; UINT64_MAX if they are more than that.
  [[nodiscard]] std::uint64_t size() const noexcept;
  /// The i-th of them, from 0.
  [[nodiscard]] std::string at(std::uint64_t i) const;
  /// What the i-th of them has for each set and each range, in their order: curl's #1, #2, …
  [[nodiscard]] std::vector<std::string> choices_at(std::uint64_t i) const;

 private:
  /// Literal text, a list of choices, or a range of numbers or letters.
  struct Part {
    std::vector<std::string> choices;  // one: literal
    bool is_range = false;
    bool is_set = false;  // in braces, also if it has one choice
    bool letters = false;
    std::uint64_t first = 0;
    std::uint64_t step = 1;
    std::uint64_t count = 0;
    bool down = false;
    std::size_t width = 0;  // of numbers with leading zeros

    [[nodiscard]] bool is_literal() const noexcept { return !is_range && !is_set; }
    [[nodiscard]] std::uint64_t size() const noexcept { return is_range ? count : choices.size(); }
    [[nodiscard]] std::string at(std::uint64_t i) const;
  };
  class Parser;
  [[nodiscard]] std::vector<std::string> texts_at(std::uint64_t i) const;

  std::vector<Part> parts_;
};

}  // namespace leat::pipelines
