#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leat::http {

/// A response's header fields, kept as the text in which they came: one buffer, and no parsing until somebody
/// asks.
class Headers {
 public:
  /// Appends one line as it was received, with its line end.
  void append(std::string_view line) {
    last_ = text_.size();
    text_.append(line);
  }
  /// Appends a line that continues the field before it, with one blank for the fold (RFC 9112, 5.2).
  void unfold(std::string_view line);
  /// Gives the field that came last.
  [[nodiscard]] std::string_view last() const noexcept { return std::string_view(text_).substr(last_); }
  void clear() noexcept {
    text_.clear();
    last_ = 0;
  }
  void reserve(std::size_t bytes) { text_.reserve(bytes); }

  /// Gives the value of the first field of that name (in any case), without blanks around it.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const noexcept;

  /// Calls fn(name, value) for each field in order.
  template <class Fn>
  void for_each(Fn&& fn) const {
    std::string_view rest = text_;
    std::string_view name;
    std::string_view value;
    while (next(rest, name, value)) fn(name, value);
  }

  [[nodiscard]] std::size_t size_bytes() const noexcept { return text_.size(); }

 private:
  static bool next(std::string_view& rest, std::string_view& name, std::string_view& value) noexcept;

  std::string text_;
  std::size_t last_ = 0;  // where the last field begins
};

}  // namespace leat::http
