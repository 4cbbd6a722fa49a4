#include "engine/text/json_writer.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::text {

namespace {

constexpr std::size_t kMostDigits = 20;
constexpr std::size_t kMostEscaped = 6;  // bytes that one byte becomes

constexpr bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' &&
         c != '\\';
}

// Eight bytes at once: the top bit of a byte of the result is set if that byte, or one below it, is not
// plain.
constexpr std::uint64_t not_plain(std::uint64_t bytes) noexcept {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const auto zeros = [](std::uint64_t word) { return (word - kOnes) & ~word; };
  const std::uint64_t control = (bytes - kOnes * 0x20) & ~bytes;
  return (bytes | control | zeros(bytes ^ (kOnes * '"')) | zeros(bytes ^ (kOnes * '\\'))) & (kOnes * 0x80);
}

std::uint64_t eight_at(const char* at) noexcept {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}

// The last eight bytes may overlap with those before them.
bool all_plain(std::string_view text) noexcept {
  constexpr std::size_t kStep = sizeof(std::uint64_t);
  if (text.size() < kStep) return std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c); });
  for (std::size_t at = 0; at + kStep < text.size(); at += kStep) {
    if (not_plain(eight_at(text.data() + at)) != 0) return false;
  }
  return not_plain(eight_at(text.data() + text.size() - kStep)) == 0;
}

char* escape(char* at, char c) noexcept {
  constexpr std::string_view kShort = "\"\\\n\r\t\b\f";
  *at++ = '\\';
  if (const auto known = kShort.find(c); known != std::string_view::npos) {
    *at++ = "\"\\nrtbf"[known];
    return at;
  }
  for (const char digit : {'u', '0', '0'}) *at++ = digit;
  for (const char digit : upper_hex_of(static_cast<unsigned char>(c))) *at++ = digit;
  return at;
}

}  // namespace

// Out of line, where g++ 14 doesn't mistake the new end of the buffer for one beyond the old buffer.
void JsonWriter::grow(std::size_t bytes) { buffer_.resize(2 * (size_ + bytes)); }

void JsonWriter::string(std::string_view value) {
  if (!all_plain(value)) {
    escaped(value);
    return;
  }
  char* at = room(value.size() + 2);
  *at++ = '"';
  at = copy(at, value);
  *at++ = '"';
  end(at);
}

void JsonWriter::escaped(std::string_view value) {
  char* at = room(kMostEscaped * value.size() + 2);
  *at++ = '"';
  while (!value.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::find_if_not(value.begin(), value.end(), is_plain) - value.begin());
    at = copy(at, value.substr(0, plain));
    value.remove_prefix(plain);
    if (value.empty()) break;
    const std::size_t length = character_length(value);
    const bool c1 = length == 2 && value[0] == '\xC2' && static_cast<unsigned char>(value[1]) < 0xA0;
    if (length == 0) {
      at = copy(at, kReplacement);
    } else if (length == 1 || c1) {
      at = escape(at, value[length - 1]);
    } else {
      at = copy(at, value.substr(0, length));
    }
    value.remove_prefix(std::max<std::size_t>(length, 1));
  }
  *at++ = '"';
  end(at);
}

void JsonWriter::number(std::uint64_t value) {
  char* const at = room(kMostDigits);
  end(std::to_chars(at, at + kMostDigits, value).ptr);
}

void JsonWriter::number(std::int64_t value) {
  char* const at = room(kMostDigits);
  end(std::to_chars(at, at + kMostDigits, value).ptr);
}

void JsonWriter::number(double value) {
  if (!std::isfinite(value)) return null();
  constexpr std::size_t kMost = 32;  // "-1.7976931348623157e+308" is the longest
  char* const at = room(kMost);
  end(std::to_chars(at, at + kMost, value).ptr);
}

void JsonWriter::number(double value, int decimals) {
  if (!std::isfinite(value)) return null();
  constexpr std::size_t kMostBeforePoint = 310;
  const std::size_t most = kMostBeforePoint + static_cast<std::size_t>(decimals);
  char* const at = room(most);
  end(std::to_chars(at, at + most, value, std::chars_format::fixed, decimals).ptr);
}

void JsonWriter::microseconds(std::int64_t value) {
  constexpr std::uint64_t kMillion = 1'000'000;
  const auto micros = static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0));
  char* at = room(kMostDigits + 7);
  at = std::to_chars(at, at + kMostDigits, micros / kMillion).ptr;
  *at++ = '.';
  auto rest = micros % kMillion;
  for (int place = 5; place >= 0; --place, rest /= 10) at[place] = static_cast<char>('0' + rest % 10);
  end(at + 6);
}

std::string indented(std::string_view json) {
  std::string out;
  std::size_t depth = 0;
  const auto new_line = [&] { out.append(1, '\n').append(2 * depth, ' '); };
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') {
      const std::size_t start = at;
      for (++at; json[at] != '"'; ++at) at += json[at] == '\\' ? 1 : 0;
      out.append(json.substr(start, at + 1 - start));
    } else if ((c == '{' || c == '[') && (json[at + 1] == '}' || json[at + 1] == ']')) {
      out.append(json.substr(at++, 2));
    } else if (c == '}' || c == ']') {
      --depth;
      new_line();
      out += c;
    } else {
      out += c;
      if (c == ':') out += ' ';
      if (c == '{' || c == '[') ++depth;
      if (c == '{' || c == '[' || c == ',') new_line();
    }
  }
  return out;
}

}  // namespace leat::text
