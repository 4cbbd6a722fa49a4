#pragma once

#include <strings.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace leat::text {

/// What protocols and options ask about ASCII: kinds of characters, upper and lower case, blanks around a
/// text, the pieces of a list. No locale has a say in it. Bytes beyond ASCII are of no kind and have no case.

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_letter(char c) noexcept { return is_upper(c) || (c >= 'a' && c <= 'z'); }
[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept { return is_letter(c) || is_digit(c); }

/// Whether a character may stand in a token, such as a method or the name of a header field (RFC
/// 9110, 5.6.2).
[[nodiscard]] constexpr bool is_token(char c) noexcept {
  return is_alphanumeric(c) ||
         (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

/// Whether a byte is a control character of ASCII, which is neither sent nor printed as it is.
[[nodiscard]] constexpr bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

/// Whether a text holds a control character, and so might be more than one line where it is sent or printed.
[[nodiscard]] inline bool has_control(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), is_control);
}

/// Whether all bytes are ASCII. Looks at eight at a time, since every URL is asked.
[[nodiscard]] inline bool is_ascii(std::string_view text) noexcept {
  constexpr std::uint64_t kHighBits = 0x8080808080808080;
  std::uint64_t bytes = 0;
  while (text.size() >= sizeof bytes) {
    std::memcpy(&bytes, text.data(), sizeof bytes);
    if ((bytes & kHighBits) != 0) return false;
    text.remove_prefix(sizeof bytes);
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

[[nodiscard]] constexpr char to_lower(char c) noexcept {
  return is_upper(c) ? static_cast<char>(c | 0x20) : c;
}

[[nodiscard]] inline std::string to_lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = to_lower(c);
  return lower;
}

/// Whether two texts are the same but for the case of their letters. Neither holds a NUL: what stands behind
/// one is not compared.
[[nodiscard]] inline bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

[[nodiscard]] inline bool starts_with_ignoring_case(std::string_view text, std::string_view start) noexcept {
  return text.size() >= start.size() && ::strncasecmp(text.data(), start.data(), start.size()) == 0;
}

/// What a hexadecimal digit of either case is worth; -1 for any other character.
[[nodiscard]] constexpr int hex_digit(char c) noexcept {
  if (is_digit(c)) return c - '0';
  const char lower = to_lower(c);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// The two hexadecimal digits of a byte, in lower case.
[[nodiscard]] constexpr std::array<char, 2> hex_of(unsigned char byte) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}
[[nodiscard]] constexpr std::array<char, 2> upper_hex_of(unsigned char byte) noexcept {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[byte >> 4], kDigits[byte & 15]};
}

/// The blanks inside one line, and those that may also end lines.
inline constexpr std::string_view kBlanks = " \t";
inline constexpr std::string_view kBlanksAndLineEnds = " \t\r\n";

/// The text without the blanks around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text) noexcept {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

[[nodiscard]] constexpr std::string_view without_leading_blanks(std::string_view text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text;
}

/// The text without any of these characters around it.
[[nodiscard]] constexpr std::string_view trimmed(std::string_view text, std::string_view blanks) noexcept {
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Cuts off what stands before the next separator, and the separator; all of it where there is none.
constexpr std::string_view take_before(std::string_view& rest, char separator) noexcept {
  const auto end = std::min(rest.find(separator), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

/// The pieces of a text between its separators, one more than there are separators: an empty text has one
/// empty piece.
///
///     for (const auto word : text::split(list, ',')) …
class Split {
 public:
  class Iterator {
   public:
    constexpr Iterator(std::string_view text, char separator, bool at_end) noexcept
        : rest_(text), piece_(text.substr(0, text.find(separator))), separator_(separator), at_end_(at_end) {}
    constexpr std::string_view operator*() const noexcept { return piece_; }
    constexpr Iterator& operator++() noexcept {
      at_end_ = piece_.size() == rest_.size();
      if (at_end_) return *this;
      rest_.remove_prefix(piece_.size() + 1);
      piece_ = rest_.substr(0, rest_.find(separator_));
      return *this;
    }
    constexpr bool operator==(const Iterator& other) const noexcept { return at_end_ == other.at_end_; }

   private:
    std::string_view rest_;   // from the piece on
    std::string_view piece_;  // where it ends there is a separator, or the end of the text
    char separator_;
    bool at_end_;
  };

  constexpr Split(std::string_view text, char separator) noexcept : text_(text), separator_(separator) {}
  [[nodiscard]] constexpr Iterator begin() const noexcept { return {text_, separator_, false}; }
  [[nodiscard]] constexpr Iterator end() const noexcept { return {{}, separator_, true}; }

 private:
  std::string_view text_;
  char separator_;
};

[[nodiscard]] constexpr Split split(std::string_view text, char separator) noexcept {
  return {text, separator};
}

}  // namespace leat::text
