#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leat::origin {

/// A request's target, split when it is asked for: path, path components and query parameters.
///
/// It has views into the request's head, so it lives no longer than that. An absolute target (as it is sent
/// to a proxy) is reduced to its path and query, so the origin can stand in for a proxy.
class Target {
 public:
  Target() = default;
  explicit Target(std::string_view text) noexcept;

  [[nodiscard]] std::string_view path() const noexcept { return path_; }    // as it was sent, not decoded
  [[nodiscard]] std::string_view query() const noexcept { return query_; }  // without the question mark
  [[nodiscard]] std::string_view path_and_query() const noexcept { return whole_; }

  /// Component `index` of the path as it was sent; empty if there is none.
  [[nodiscard]] std::string_view raw_segment(std::size_t index) const noexcept;
  [[nodiscard]] std::string segment(std::size_t index) const;  // percent-decoded
  [[nodiscard]] std::optional<std::uint64_t> number(std::size_t index) const noexcept;

  /// What follows component `index`, with its slash: "/c/d" for index 1 of "/a/b/c/d".
  [[nodiscard]] std::string_view after_segment(std::size_t index) const noexcept;

  [[nodiscard]] std::optional<std::string> parameter(std::string_view name) const;  // percent-decoded
  [[nodiscard]] std::optional<std::uint64_t> parameter_number(std::string_view name) const;

 private:
  std::string_view whole_;
  std::string_view path_;
  std::string_view query_;
};

/// Decodes percent-encoding; a percent sign that starts no escape stands for itself.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// Reads "4096", "64K", "10M" or "2G", in powers of 1024. Gives nothing for any other text and above 2^62.
[[nodiscard]] std::optional<std::uint64_t> parse_count(std::string_view text) noexcept;

}  // namespace leat::origin
