#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leat::pipelines {

/// Cuts a stream of JSON texts, one after the other, or the items of one array, into single texts.
///
/// It only counts brackets and knows strings; whether a text is JSON is for the parser to say. What is wrong
/// between the items of an array comes as a fault in the place of an item. A text longer than the limit, and
/// what stands behind a closing bracket too many, ends at the next newline. Comes in chunks.
class JsonSplitter {
 public:
  static constexpr std::size_t kMaxText = 64u << 20;

  struct Text {
    std::string_view text;   // valid until the next call
    std::uint64_t line = 0;  // that it starts in, from 1
    bool too_long = false;
    std::string_view fault;  // what is wrong in that line; then there is no text
  };

  explicit JsonSplitter(std::size_t limit = kMaxText) noexcept : limit_(limit) {}

  /// The chunk stays where it is until `next` has given nothing.
  void feed(std::string_view chunk) noexcept { rest_ = chunk; }
  /// Bytes of the chunk that were not looked at yet.
  [[nodiscard]] std::size_t unread() const noexcept { return rest_.size(); }
  std::optional<Text> next();
  /// At the end: what is left, if the end can make it whole (a number or a word).
  std::optional<Text> finish();
  /// After `finish` has given nothing: what the end has cut short; empty if nothing.
  [[nodiscard]] std::string cut() const;

 private:
  enum class State : std::uint8_t { between, word, string, escape, nested };

  /// Whether the text is complete with this byte, or before it.
  enum class End : std::uint8_t { no, with, before };
  /// What the array that the texts are items of goes on with.
  enum class List : std::uint8_t { none, item_or_end, item, comma_or_end };
  End take(char c);
  End take_nested(char c);
  End start(char c);
  End between_items(char c);
  End fault(std::string_view what, End end);
  Text give();

  std::size_t limit_;
  std::string_view rest_;
  std::string text_;
  State state_ = State::between;
  bool in_string_ = false;  // of a nested text
  bool escaped_ = false;
  bool given_ = false;
  bool first_ = true;
  List list_ = List::none;
  std::string_view fault_;
  std::size_t depth_ = 0;
  std::uint64_t line_ = 1;
  std::uint64_t start_line_ = 1;
  std::uint64_t list_line_ = 0;
};

}  // namespace leat::pipelines
