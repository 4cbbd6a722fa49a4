#include "pipelines/spec/quoted_text.hpp"

#include <cstdint>
#include <cstdio>
#include <optional>

#include "engine/text/ascii.hpp"
#include "engine/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr const char* kEscapes =
    "no such escape; there are \\\" \\\\ \\n \\t \\r \\uXXXX, and a backslash itself is \\\\";

// One escape, or one plain byte, and what it stands for.
struct Unit {
  std::size_t length = 1;  // length in the raw text
  std::string text;
  const char* fault = nullptr;
};

std::optional<std::uint32_t> four_digits(std::string_view text) {
  if (text.size() < 4) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text.substr(0, 4)) {
    const int digit = text::hex_digit(c);
    if (digit < 0) return std::nullopt;
    number = number * 16 + static_cast<std::uint32_t>(digit);
  }
  return number;
}

// `raw` starts with \u.
Unit unicode_unit(std::string_view raw) {
  const auto first = four_digits(raw.substr(2));
  if (!first) return Unit{2, {}, "\\u takes four hexadecimal digits, as in \\u00e9"};
  Unit unit{6, {}, nullptr};
  std::uint32_t code = *first;
  if (code >= 0xD800 && code <= 0xDFFF) {
    const auto second = raw.substr(6).starts_with("\\u") ? four_digits(raw.substr(8)) : std::nullopt;
    if (code >= 0xDC00 || !second || *second < 0xDC00 || *second > 0xDFFF) {
      unit.fault = "half of a surrogate pair, which is no character";
      return unit;
    }
    code = 0x10000 + ((code - 0xD800) << 10) + (*second - 0xDC00);
    unit.length = 12;
  }
  if (code == 0) {
    unit.fault = "a text holds no NUL character";
    return unit;
  }
  text::append_utf8(unit.text, code);
  return unit;
}

Unit unit_at(std::string_view raw) {
  if (raw[0] != '\\') return Unit{1, std::string(1, raw[0]), nullptr};
  switch (raw.size() > 1 ? raw[1] : '\0') {
    case '"':
      return Unit{2, "\"", nullptr};
    case '\\':
      return Unit{2, "\\", nullptr};
    case 'n':
      return Unit{2, "\n", nullptr};
    case 't':
      return Unit{2, "\t", nullptr};
    case 'r':
      return Unit{2, "\r", nullptr};
    case 'u':
      return unicode_unit(raw);
    default:
      return Unit{1, {}, kEscapes};
  }
}

}  // namespace

std::string unescape(std::string_view raw, std::vector<TextFault>& faults) {
  std::string text;
  text.reserve(raw.size());
  for (std::size_t at = 0; at < raw.size();) {
    const Unit unit = unit_at(raw.substr(at));
    text += unit.text;
    if (unit.fault != nullptr) faults.push_back(TextFault{at, unit.fault});
    at += unit.length;
  }
  return text;
}

std::size_t raw_offset(std::string_view raw, std::size_t offset) {
  std::size_t decoded = 0;
  for (std::size_t at = 0; at < raw.size();) {
    const Unit unit = unit_at(raw.substr(at));
    if (offset < decoded + unit.text.size()) return at;
    decoded += unit.text.size();
    at += unit.length;
  }
  return raw.size();
}

std::string escape(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7F) {
      char code[7];
      std::snprintf(code, sizeof code, "\\u%04x", static_cast<unsigned>(byte));
      out += code;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace leat::pipelines
