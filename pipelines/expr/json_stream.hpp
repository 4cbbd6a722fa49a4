#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace leat::pipelines {

/// Gives a text to RapidJSON as an in-place stream, but keeps nothing: strings are checked and measured, not
/// copied.
///
/// The reader "writes" a string's plain characters one by one. Here the first such call passes over all plain
/// characters that follow, eight at a time, which makes the reader twice as fast. The stream ends in '\0' for
/// the reader; the text itself needs none.
class JsonStream {
 public:
  using Ch = char;

  explicit JsonStream(std::string_view text) noexcept
      : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

  [[nodiscard]] char Peek() const noexcept { return at_ == end_ ? '\0' : *at_; }
  char Take() noexcept { return at_ == end_ ? '\0' : *at_++; }
  [[nodiscard]] std::size_t Tell() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

  char* PutBegin() noexcept {
    written_ = 0;
    return nullptr;
  }
  // It is called within a string, except for the '\0' behind its last quote.
  void Put(char c) noexcept {
    ++written_;
    if (c == '\0') return;
    const char* const from = at_;
    skip_plain();
    written_ += static_cast<std::size_t>(at_ - from);
  }
  [[nodiscard]] std::size_t PutEnd(char*) const noexcept { return written_; }
  void Flush() noexcept {}

 private:
  static bool is_plain(char c) noexcept {
    return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
  }

  void skip_plain() noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101u;
    for (; end_ - at_ >= 8; at_ += 8) {
      std::uint64_t bytes;
      std::memcpy(&bytes, at_, sizeof bytes);
      const std::uint64_t quotes = (bytes ^ (kOnes * '"')) - kOnes;
      const std::uint64_t backslashes = (bytes ^ (kOnes * '\\')) - kOnes;
      const std::uint64_t controls = bytes - kOnes * 0x20;
      const std::uint64_t found = (quotes | backslashes | controls) & ~bytes & (kOnes * 0x80);
      if (found == 0) continue;
      if constexpr (std::endian::native != std::endian::little) break;
      at_ += std::countr_zero(found) / 8;  // a borrow only marks bytes after the first one that is found
      return;
    }
    while (at_ != end_ && is_plain(*at_)) ++at_;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  std::size_t written_ = 0;
};

}  // namespace leat::pipelines
