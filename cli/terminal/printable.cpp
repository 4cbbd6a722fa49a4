#include "cli/terminal/printable.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipelines/text/utf8.hpp"

namespace leat::cli {

namespace {

// The length of the UTF-8 character at `at`, or 0 where there is none that is valid.
std::size_t character_at(std::string_view text, std::size_t at) {
  const std::size_t most = std::min<std::size_t>(4, text.size() - at);
  for (std::size_t length = 1; length <= most; ++length) {
    if (pipelines::valid_utf8_prefix(text.substr(at, length)) == length) return length;
  }
  return 0;
}

bool is_control(std::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  if (character.size() == 1) return first < 0x20 || first == 0x7F;
  return first == 0xC2 && static_cast<unsigned char>(character[1]) < 0xA0;  // C1
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  }
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at);
    const auto piece = text.substr(at, length == 0 ? 1 : length);
    if (length == 0 || is_control(piece)) {
      for (const char c : piece) append_escape(out, c);
    } else {
      out += piece;
    }
    at += piece.size();
  }
  return out;
}

std::string in_quotes(std::string_view text, std::size_t most) {
  std::size_t at = 0;
  for (std::size_t count = 0; at < text.size() && count < most; ++count) {
    const std::size_t length = character_at(text, at);
    at += length == 0 ? 1 : length;
  }
  std::string out = "\"" + printable(text.substr(0, at));
  out += at < text.size() ? "...\"" : "\"";
  return out;
}

}  // namespace leat::cli
