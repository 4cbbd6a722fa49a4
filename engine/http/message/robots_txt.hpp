#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"

namespace leat::http {

/// What a robots.txt says to one crawler (RFC 9309). Any text is one: what is not understood is left out.
///
/// The groups that name the crawler's product token count, in any case of letters and all together; if none
/// does, those of `*`. Of the rules whose patterns match, the one with the longest pattern counts, and of two
/// such the one that allows. In a pattern `*` stands for any text and a `$` at its end for the end of the
/// URL. Percent-encoding makes no difference where it means none. Immutable; any thread.
class RobotsTxt {
 public:
  /// What is behind so many bytes is not read (RFC 9309, 2.5).
  static constexpr std::size_t kMostBytes = 500 * 1024;

  /// A rule as it stands in the file.
  struct Rule {
    std::string pattern;  // in the form in which they are compared
    std::string written;  // "Disallow: /private"
    std::size_t line = 0;
    bool allows = false;
  };

  /// The one that allows everything.
  RobotsTxt() = default;
  /// `product` is a crawler's token, such as "leat".
  RobotsTxt(std::string_view file, std::string_view product);

  /// The rule that refuses a URL's path and query; null if none does.
  [[nodiscard]] const Rule* refuses(std::string_view path_and_query) const;
  /// The crawl-delay of these groups, which RFC 9309 leaves to the crawler: the longest, at most a day.
  [[nodiscard]] async::Duration delay() const noexcept { return delay_; }
  /// The user-agent line that these groups have: the product token or `*`.
  [[nodiscard]] const std::string& agent() const noexcept { return agent_; }

 private:
  std::vector<Rule> rules_;
  std::string agent_;
  async::Duration delay_{0};
};

/// The product token that a User-Agent begins with: "leat" of "leat/1.0 (x)". Letters, '_' and '-'.
[[nodiscard]] std::string_view product_token(std::string_view user_agent) noexcept;

}  // namespace leat::http
