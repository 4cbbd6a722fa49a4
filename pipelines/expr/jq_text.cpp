#include "pipelines/expr/jq_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

struct Digits {
  std::string_view all;  // without leading and trailing zeros
  int point = 0;         // place of the decimal point, counted from the first digit
};

// Reads what std::to_chars writes in scientific form, such as "-1.25e-07".
Digits digits_of(std::string_view scientific, std::array<char, 32>& room) {
  const auto e = scientific.find('e');
  std::size_t size = 0;
  for (const char c : scientific.substr(0, e)) {
    if (c >= '0' && c <= '9') room[size++] = c;
  }
  int exponent = 0;
  const auto power = scientific.substr(e + (scientific[e + 1] == '+' ? 2 : 1));
  std::from_chars(power.data(), power.data() + power.size(), exponent);
  return {{room.data(), size}, exponent + 1};
}

void append_string(std::string& out, std::string_view text) {
  constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  constexpr std::string_view kTo = "\"\\bfnrt";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (const auto at = kFrom.find(c); at != std::string_view::npos) {
      out += '\\';
      out += kTo[at];
    } else if (byte < 0x20 || byte == 0x7F) {
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

// Gives as many bytes of a value as jq's messages show.
std::string shown(JsonValue value) {
  constexpr std::size_t kMost = 14;
  std::string text;
  append_jq_dump(text, value, kMost + 1);
  if (text.size() <= kMost) return text;
  text.resize(kMost - 3);
  const auto whole = text::valid_utf8_prefix(text);
  if (whole != text.size()) text.replace(whole, std::string::npos, "\xEF\xBF\xBD");
  return text + "...";
}

}  // namespace

void append_jq_number(std::string& out, double value) {
  constexpr double kMost = std::numeric_limits<double>::max();
  value = std::clamp(value, -kMost, kMost);
  std::array<char, 64> room;
  const auto end = std::to_chars(room.begin(), room.end(), value, std::chars_format::scientific).ptr;
  std::array<char, 32> digit_room;
  const auto [digits, point] =
      digits_of({room.data(), static_cast<std::size_t>(end - room.data())}, digit_room);
  if (room[0] == '-') out += '-';
  const int count = static_cast<int>(digits.size());
  if (value == 0) {
    out += '0';
  } else if (point <= -4 || point > count + 15) {
    out += digits[0];
    if (count > 1) fmt::format_to(std::back_inserter(out), ".{}", digits.substr(1));
    fmt::format_to(std::back_inserter(out), "e{}{:02}", point > 0 ? '+' : '-', std::abs(point - 1));
  } else if (point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else if (point >= count) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else {
    out += digits.substr(0, static_cast<std::size_t>(point));
    out += '.';
    out += digits.substr(static_cast<std::size_t>(point));
  }
}

void append_jq_dump(std::string& out, JsonValue value, std::size_t limit) {
  switch (value.kind()) {
    case JsonKind::null:
    case JsonKind::false_:
    case JsonKind::true_:
      out += value.raw();
      return;
    case JsonKind::number:
      append_jq_number(out, value.number());
      return;
    case JsonKind::string: {
      std::string scratch;
      append_string(out, text::cut_utf8(value.text(scratch), limit));
      return;
    }
    case JsonKind::array: {
      out += '[';
      bool first = true;
      for (const auto item : value.items()) {
        if (out.size() >= limit) return;
        if (!first) out += ',';
        first = false;
        append_jq_dump(out, item, limit);
      }
      out += ']';
      return;
    }
    case JsonKind::object: {
      out += '{';
      bool first = true;
      for (const auto& member : value.distinct_members()) {
        if (out.size() >= limit) return;
        if (!first) out += ',';
        first = false;
        append_jq_dump(out, member.key, limit);
        out += ':';
        append_jq_dump(out, member.value, limit);
      }
      out += '}';
      return;
    }
  }
}

std::string cannot_index(JsonValue value, std::string_view key) {
  constexpr std::size_t kLongestShown = 29;
  if (key.size() > kLongestShown) return fmt::format("Cannot index {} with string", kind_name(value.kind()));
  return fmt::format("Cannot index {} with string \"{}\"", kind_name(value.kind()), key);
}

std::string cannot_index_by_number(JsonValue value) {
  return fmt::format("Cannot index {} with number", kind_name(value.kind()));
}

std::string cannot_iterate(JsonValue value) {
  return fmt::format("Cannot iterate over {} ({})", kind_name(value.kind()), shown(value));
}

std::string cannot_match(JsonValue value) {
  return fmt::format("{} ({}) cannot be matched, as it is not a string", kind_name(value.kind()),
                     shown(value));
}

std::string no_length(JsonValue value) {
  return fmt::format("{} ({}) has no length", kind_name(value.kind()), shown(value));
}

std::string cannot_have(JsonValue value) {
  return fmt::format("Cannot check whether {} has a string key", kind_name(value.kind()));
}

}  // namespace leat::pipelines
