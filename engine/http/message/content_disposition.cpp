#include "engine/http/message/content_disposition.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/base64.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/utf8.hpp"

namespace leat::http {

namespace {

// Takes the next parameter, up to the ';' that ends it; a ';' inside quotes doesn't.
std::string_view next_parameter(std::string_view& rest) noexcept {
  bool quoted = false;
  std::size_t end = 0;
  for (; end < rest.size() && (quoted || rest[end] != ';'); ++end) {
    if (rest[end] == '"') quoted = !quoted;
    if (rest[end] == '\\' && quoted) ++end;
  }
  end = std::min(end, rest.size());
  const auto parameter = text::trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return parameter;
}

// Servers write the paths of Windows into quotes without escaping them, so a backslash escapes only a quote
// and another backslash. A quote that nobody closes goes to the end of the field.
std::string unquoted(std::string_view value) {
  if (!value.starts_with('"')) return std::string(value);
  value.remove_prefix(1);
  std::string out;
  for (std::size_t i = 0; i < value.size() && value[i] != '"'; ++i) {
    const bool escapes =
        value[i] == '\\' && i + 1 < value.size() && (value[i + 1] == '"' || value[i + 1] == '\\');
    if (escapes) ++i;
    out += value[i];
  }
  return out;
}

// What browsers take for Latin-1: its control characters from 0x80 to 0x9F are those of Windows-1252.
constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

std::string utf8_of_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    text::append_utf8(out, byte >= 0x80 && byte < 0xA0 ? kWindows1252[byte - 0x80U] : byte);
  }
  return out;
}

// Nothing for a charset that is not known here.
std::optional<std::string> decoded_from(std::string_view charset, std::string bytes) {
  const auto is = [charset](std::string_view name) { return text::equal_ignoring_case(charset, name); };
  if (is("utf-8") || is("utf8") || is("us-ascii"))
    return text::is_utf8(bytes) ? std::optional(std::move(bytes)) : std::nullopt;
  if (is("iso-8859-1") || is("latin1") || is("windows-1252")) return utf8_of_latin1(bytes);
  return std::nullopt;
}

// Reads charset'language'percent-encoded.
std::optional<std::string> extended(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == value.npos ? value.npos : value.find('\'', first + 1);
  if (second == value.npos) return std::nullopt;
  const auto charset = value.substr(0, first);
  const auto text = value.substr(second + 1);
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = text::percent_byte(text, i);
    if (text[i] == '%' && !byte) return std::nullopt;
    bytes += byte.value_or(text[i]);
    if (byte) i += 2;
  }
  return decoded_from(charset, std::move(bytes));
}

// The Q encoding of RFC 2047: "_" is a blank, "=E4" is a byte.
std::string from_q(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_byte = text[i] == '=' && i + 2 < text.size() && text::hex_digit(text[i + 1]) >= 0 &&
                         text::hex_digit(text[i + 2]) >= 0;
    if (is_byte) {
      out += static_cast<char>(text::hex_digit(text[i + 1]) * 16 + text::hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i] == '_' ? ' ' : text[i];
    }
  }
  return out;
}

// An encoded word, "=?charset?Q?text?=", at the start of the text: what it says, and how long it is.
std::optional<std::pair<std::string, std::size_t>> encoded_word(std::string_view text) {
  if (!text.starts_with("=?")) return std::nullopt;
  const auto charset_end = text.find('?', 2);
  if (charset_end == text.npos || charset_end + 2 >= text.size() || text[charset_end + 2] != '?')
    return std::nullopt;
  const auto begin = charset_end + 3;
  const auto end = text.find("?=", begin);
  if (end == text.npos) return std::nullopt;
  const char how = text::to_lower(text[charset_end + 1]);
  std::string body(text.substr(begin, end - begin));
  if (how == 'b') {
    while (body.size() % 4 != 0) body += '=';
    auto bytes = text::decode_base64(body);
    if (!bytes) return std::nullopt;
    body = std::move(*bytes);
  } else if (how == 'q') {
    body = from_q(body);
  } else {
    return std::nullopt;
  }
  const auto charset = text.substr(2, charset_end - 2);
  auto decoded = decoded_from(charset.substr(0, charset.find('*')), std::move(body));
  if (!decoded) return std::nullopt;
  return std::pair(std::move(*decoded), end + 2);
}

// RFC 6266 has no encoded words, but mail software and old servers send them; blanks between two of them
// mean nothing (RFC 2047, 6.2).
std::string without_encoded_words(std::string_view text) {
  std::string out;
  std::size_t word_end = 0;  // in `out`, of an encoded word that has only blanks behind it
  while (!text.empty()) {
    if (auto word = encoded_word(text)) {
      if (word_end > 0) out.resize(word_end);
      out += word->first;
      word_end = out.size();
      text.remove_prefix(word->second);
      continue;
    }
    if (text.front() != ' ' && text.front() != '\t') word_end = 0;
    out += text.front();
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace

std::optional<std::string> disposition_filename(std::string_view field) {
  std::optional<std::string> name;
  bool is_extended = false;
  // The first of them is the type, which some servers leave out.
  while (!field.empty()) {
    const auto parameter = next_parameter(field);
    const auto equals = parameter.find('=');
    if (equals == parameter.npos) continue;
    const auto key = text::trimmed(parameter.substr(0, equals));
    const auto value = text::trimmed(parameter.substr(equals + 1));
    if (text::equal_ignoring_case(key, "filename*")) {
      auto decoded = extended(value);
      is_extended = is_extended || decoded.has_value();
      if (decoded) name = std::move(decoded);
    } else if (text::equal_ignoring_case(key, "filename") && !is_extended && !name) {
      name = unquoted(value);
      if (!text::is_utf8(*name)) name = utf8_of_latin1(*name);
      name = without_encoded_words(*name);
    }
  }
  if (!name) return std::nullopt;
  name->erase(0, name->find_last_of("/\\") + 1);
  name = std::string(text::trimmed(*name));
  if (name->empty()) return std::nullopt;
  // A name that hides the file, leads elsewhere or is an option of the next command is the server's choice.
  if (name->front() == '.' || name->front() == '-') name->front() = '_';
  return name;
}

}  // namespace leat::http
