#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Cuts a text that comes in chunks into lines. The end of a line, "\n" or "\r\n", is no part of it.
///
/// A line longer than `limit` comes as its first kShownStart bytes; its rest is skipped, not held.
class LineSplitter {
 public:
  static constexpr std::size_t kShownStart = 1024;

  struct Line {
    std::string_view text;  // valid until the next call
    bool too_long = false;
  };

  explicit LineSplitter(std::size_t limit) noexcept : limit_(limit) {}

  /// The chunk stays where it is until `next` has given nothing.
  void feed(std::string_view chunk) noexcept { rest_ = chunk; }
  /// Bytes of the chunk that were not looked at yet.
  [[nodiscard]] std::size_t unread() const noexcept { return rest_.size(); }

  /// The next line that ends in this chunk.
  std::optional<Line> next() {
    forget_given();
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) {
      keep(rest_);
      rest_ = {};
      return std::nullopt;
    }
    const auto text = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (partial_.empty() && !too_long_) return line(text, text.size() > limit_ + 1);
    keep(text);
    return give_partial();
  }

  /// At the end of the text: its last line, if that has no end of its own.
  std::optional<Line> finish() {
    forget_given();
    if (partial_.empty() && !too_long_) return std::nullopt;
    return give_partial();
  }

 private:
  [[nodiscard]] Line line(std::string_view text, bool too_long) const noexcept {
    if (text.ends_with('\r')) text.remove_suffix(1);
    too_long = too_long || text.size() > limit_;
    return Line{too_long ? text.substr(0, kShownStart) : text, too_long};
  }
  Line give_partial() noexcept {
    given_ = true;
    return line(partial_, too_long_);
  }
  void forget_given() noexcept {
    if (!given_) return;
    given_ = too_long_ = false;
    partial_.clear();
    if (partial_.capacity() > kShownStart) partial_.shrink_to_fit();
  }
  // One byte more than the limit, which may be a carriage return.
  void keep(std::string_view text) {
    if (too_long_) return;
    too_long_ = partial_.size() + text.size() > limit_ + 1;
    partial_.append(text.substr(0, too_long_ ? kShownStart : text.size()));
    if (too_long_) partial_.resize(std::min(partial_.size(), kShownStart));
  }

  std::size_t limit_;
  std::string_view rest_;
  std::string partial_;  // of a line whose end has not come yet, or has just been given
  bool too_long_ = false;
  bool given_ = false;
};

}  // namespace leat::pipelines
