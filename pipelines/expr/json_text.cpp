#include "pipelines/expr/json_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "engine/text/ascii.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/utf8.hpp"
#include "pipelines/expr/json.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::uint32_t kReplacement = 0xFFFD;

bool is_plain(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\'; }

void append_escaped(std::string& out, char c) {
  constexpr std::string_view kFrom = "\"\\\b\f\n\r\t";
  constexpr std::string_view kTo = "\"\\bfnrt";
  out += '\\';
  if (const auto at = kFrom.find(c); at != std::string_view::npos) {
    out += kTo[at];
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "u00";
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

// Gives the number after "\u" at the start of the text; 0x10000 if there is no such escape.
std::uint32_t unit(std::string_view text) noexcept {
  constexpr std::uint32_t kNone = 0x10000;
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u') return kNone;
  std::uint32_t value = 0;
  for (const char c : text.substr(2, 4)) {
    value = value * 16 + static_cast<std::uint32_t>(text::hex_digit(c));
  }
  return value;
}

// Appends what the escape at the start of the text stands for; gives the length of the escape.
std::size_t append_escape(std::string& out, std::string_view text) {
  constexpr std::string_view kFrom = "bfnrt";
  constexpr std::string_view kTo = "\b\f\n\r\t";
  if (text[1] != 'u') {
    const auto at = kFrom.find(text[1]);
    out += at == std::string_view::npos ? text[1] : kTo[at];
    return 2;
  }
  const std::uint32_t first = unit(text);
  if (first < 0xD800 || first > 0xDFFF) {
    text::append_utf8(out, first);
    return 6;
  }
  const std::uint32_t second = unit(text.substr(6));
  if (first < 0xDC00 && second >= 0xDC00 && second <= 0xDFFF) {
    text::append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
    return 12;
  }
  text::append_utf8(out, kReplacement);
  return 6;
}

// `done` is the length of the path up to that value.
Error not_an_object(std::string_view path, std::size_t done, JsonValue there) {
  const bool vowel = there.is(JsonKind::array);
  const std::string what = done == 0 ? "it" : "\"" + text::printable(path.substr(0, done - 1), 60) + "\"";
  return Error(Errc::filter_error, "can't set \"" + text::printable(path, 60) + "\": " + what + " is " +
                                       (vowel ? "an " : "a ") + std::string(kind_name(there.kind())) +
                                       ", no object");
}

// Appends {"a":{"b":value}} for what is left of a path.
void append_nested(std::string& out, std::string_view path, std::string_view value) {
  std::size_t braces = 0;
  for (bool more = !path.empty(); more; ++braces) {
    const auto dot = path.find('.');
    out += '{';
    append_json_text(out, path.substr(0, dot));
    out += ':';
    more = dot != std::string_view::npos;
    if (more) path.remove_prefix(dot + 1);
  }
  out += value;
  out.append(braces, '}');
}

// Passes over the rest of a string, behind its first quote; null if an escape is in it.
const char* skip_string(const char* at, const char* end) noexcept {
  const auto length = static_cast<std::size_t>(end - at);
  const auto* const quote = static_cast<const char*>(std::memchr(at, '"', length));
  if (quote == nullptr) return nullptr;
  const bool has_escape = std::memchr(at, '\\', static_cast<std::size_t>(quote - at)) != nullptr;
  return has_escape ? nullptr : quote + 1;
}

// Passes over a value; null if that isn't written in the plainest way.
const char* skip_value(const char* at, const char* end) noexcept {
  for (std::size_t depth = 0; at != nullptr && at != end;) {
    switch (*at++) {
      case '"':
        at = skip_string(at, end);
        if (depth == 0) return at;
        break;
      case '[':
      case '{':
        ++depth;
        break;
      case ']':
      case '}':
        if (depth < 2) return depth == 0 ? at - 1 : at;
        --depth;
        break;
      case ',':
        if (depth == 0) return at - 1;
        break;
      case ' ':
      case '\t':
      case '\r':
      case '\n':
        return nullptr;
      default:
        break;
    }
  }
  return nullptr;
}

// The value of the only member of that name in the text of an object that is known to be JSON; nothing if
// there is none, or that isn't seen at once.
std::optional<std::string_view> plain_member(std::string_view text, std::string_view name) noexcept {
  if (!text.starts_with('{')) return std::nullopt;
  std::optional<std::string_view> found;
  const char* const end = text.data() + text.size();
  for (const char* at = text.data() + 1; at != end && *at == '"';) {
    const char* const key = at + 1;
    at = skip_string(key, end);
    if (at == nullptr || at == end || *at != ':') return std::nullopt;
    const bool is_it = std::string_view(key, static_cast<std::size_t>(at - 1 - key)) == name;
    const char* const value = at + 1;
    at = skip_value(value, end);
    if (at == nullptr || at == end || (is_it && found)) return std::nullopt;
    if (is_it) found.emplace(value, static_cast<std::size_t>(at - value));
    const char sign = *at++;
    if (sign != ',') return sign == '}' && at == end ? found : std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void append_json_text(std::string& out, std::string_view text) {
  if (!text::is_utf8(text)) return append_json_text(out, text::to_utf8(text));
  out += '"';
  for (auto at = text.begin(); at != text.end();) {
    const auto odd = std::find_if_not(at, text.end(), [](char c) { return is_plain(c); });
    out.append(at, odd);
    if (odd == text.end()) break;
    append_escaped(out, *odd);
    at = odd + 1;
  }
  out += '"';
}

std::string json_text(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_text(out, text);
  return out;
}

void append_unescaped(std::string& out, std::string_view inside) {
  while (!inside.empty()) {
    const auto backslash = std::min(inside.find('\\'), inside.size());
    out.append(inside.substr(0, backslash));
    inside.remove_prefix(backslash);
    if (!inside.empty()) inside.remove_prefix(append_escape(out, inside));
  }
}

std::optional<std::string> json_replace(std::string_view text, std::string_view name,
                                        std::string_view value) {
  const auto member = plain_member(text, name);
  if (!member) return std::nullopt;
  const auto begin = static_cast<std::size_t>(member->data() - text.data());
  std::string out;
  out.reserve(text.size() - member->size() + value.size());
  out.append(text.substr(0, begin)).append(value).append(text.substr(begin + member->size()));
  return out;
}

Result<std::string> json_set(std::string_view text, std::string_view path, std::string_view value) {
  if (text.empty()) text = "null";
  JsonDoc doc;
  if (const auto fault = doc.parse(text)) return Error(Errc::filter_error, "not JSON: " + fault->message);
  JsonValue at = doc.root();
  std::size_t done = 0;  // bytes of the path
  std::string out;
  const auto splice = [&](std::size_t begin, std::size_t end) {
    out.append(doc.text().substr(0, begin));
    return doc.text().substr(end);
  };
  while (done <= path.size() && !at.is(JsonKind::null)) {
    if (!at.is(JsonKind::object)) return not_an_object(path, done, at);
    const auto rest = path.substr(done);
    const auto name = rest.substr(0, rest.find('.'));
    const JsonValue member = at.get(name);
    if (!member.exists()) {
      const auto after = splice(at.node()->end - 1, at.node()->end - 1);
      if (at.node()->span > 1) out += ',';
      append_json_text(out, name);
      out += ':';
      append_nested(out, name.size() == rest.size() ? std::string_view() : rest.substr(name.size() + 1),
                    value);
      out += after;
      return out;
    }
    at = member;
    done += name.size() + 1;
  }
  const auto after = splice(at.node()->begin, at.node()->end);
  append_nested(out, done > path.size() ? std::string_view() : path.substr(done), value);
  out += after;
  return out;
}

}  // namespace leat::pipelines
