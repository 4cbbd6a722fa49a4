#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/expr/fault.hpp"

namespace re2 {
class RE2;
}

namespace leat::pipelines {

/// A regular expression in RE2's syntax; its time is linear in the text, whatever the expression.
///
/// Of a match it gives the whole if the expression has no group, else the first group, or, if groups have
/// names, all of those. Any thread.
class Regex {
 public:
  [[nodiscard]] static Compiled<Regex> compile(const std::string& pattern);

  Regex(Regex&&) noexcept;
  Regex& operator=(Regex&&) noexcept;
  ~Regex();

  /// The named groups, in the pattern's order.
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }

  /// What is given of one match: an item for each name, or just one. The item of a group that took no part
  /// is none.
  using Groups = std::vector<std::optional<std::string_view>>;

  /// Calls found(groups) for each match in well-formed UTF-8, from left to right. Matches do not overlap.
  void for_each_match(std::string_view utf8, const std::function<void(const Groups&)>& found) const;

 private:
  Regex();

  std::unique_ptr<re2::RE2> regex_;
  std::vector<std::string> names_;
  std::vector<std::size_t> groups_;  // which groups are given
};

/// A TextCheck.
[[nodiscard]] std::optional<TextFault> check_regex(const std::string& pattern);

}  // namespace leat::pipelines
