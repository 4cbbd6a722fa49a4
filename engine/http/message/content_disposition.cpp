#include "engine/http/message/content_disposition.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"
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

std::string unquoted(std::string_view value) {
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::string(value);
  value = value.substr(1, value.size() - 2);
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) ++i;
    out += value[i];
  }
  return out;
}

std::string utf8_of_latin1(std::string_view text) {
  std::string out;
  for (const char c : text) text::append_utf8(out, static_cast<unsigned char>(c));
  return out;
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
    if (text[i] != '%') {
      bytes += text[i];
      continue;
    }
    if (i + 2 >= text.size() || text::hex_digit(text[i + 1]) < 0 || text::hex_digit(text[i + 2]) < 0)
      return std::nullopt;
    bytes += static_cast<char>(text::hex_digit(text[i + 1]) * 16 + text::hex_digit(text[i + 2]));
    i += 2;
  }
  if (text::equal_ignoring_case(charset, "utf-8")) return bytes;
  if (text::equal_ignoring_case(charset, "iso-8859-1")) return utf8_of_latin1(bytes);
  return std::nullopt;
}

}  // namespace

std::optional<std::string> disposition_filename(std::string_view field) {
  std::optional<std::string> name;
  bool is_extended = false;
  const auto type = next_parameter(field);
  if (type.find('=') != type.npos) return std::nullopt;
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
    }
  }
  if (name) name->erase(0, name->find_last_of("/\\") + 1);
  return name && !name->empty() ? name : std::nullopt;
}

}  // namespace leat::http
