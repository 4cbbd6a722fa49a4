#include "pipelines/text/json_string.hpp"

#include <algorithm>

#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr bool is_plain(char c) noexcept {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x80 && c != '"' &&
         c != '\\';
}

void escape(std::string& out, char c) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kShort = "\"\\\n\r\t";
  if (const auto at = kShort.find(c); at != std::string_view::npos) {
    out += '\\';
    out += "\"\\nrt"[at];
    return;
  }
  out += "\\u00";
  out += kDigits[static_cast<unsigned char>(c) >> 4];
  out += kDigits[static_cast<unsigned char>(c) & 15];
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_plain(text[end])) ++end;
    out.append(text, at, end - at);
    at = end;
    if (at == text.size()) break;
    const std::size_t length = character_length(text.substr(at));
    const bool c1 = length == 2 && text[at] == '\xC2' && static_cast<unsigned char>(text[at + 1]) < 0xA0;
    if (length == 0) {
      out += "\xEF\xBF\xBD";
    } else if (length == 1 || c1) {
      escape(out, text[at + length - 1]);
    } else {
      out.append(text, at, length);
    }
    at += std::max<std::size_t>(length, 1);
  }
  out += '"';
}

std::string json_string(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 2 + 2);
  append_json_string(out, text);
  return out;
}

}  // namespace leat::pipelines
