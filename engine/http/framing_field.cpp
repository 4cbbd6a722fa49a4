#include "engine/http/framing_field.hpp"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>

namespace leat::http {

namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kLength = "content-length";
constexpr std::string_view kCoding = "transfer-encoding";

bool is_name(std::string_view text, std::string_view name) noexcept {
  return text.size() == name.size() && strncasecmp(text.data(), name.data(), name.size()) == 0;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

Status take_length(std::string_view value, ResponseHead& head) {
  value.remove_prefix(std::min(value.find_first_not_of(kBlanks), value.size()));
  value = value.substr(0, value.find_last_not_of(" \t\r\n") + 1);
  const auto length = number(value);
  if (!length) return Error(Errc::bad_response, "Content-Length is not a number");
  if (head.content_length && *head.content_length != *length) {
    return Error(Errc::bad_response, "two different Content-Length fields");
  }
  head.content_length = length;
  return std::nullopt;
}

}  // namespace

// On every response's path: most lines are told by their first byte.
Status take_framing_field(std::string_view line, ResponseHead& head) {
  const char first = line.empty() ? '\0' : static_cast<char>(line.front() | 0x20);
  if (first != 'c' && first != 't') return std::nullopt;
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto name = line.substr(0, line.substr(0, colon).find_last_not_of(kBlanks) + 1);
  if (!is_name(name, kLength) && !is_name(name, kCoding)) return std::nullopt;
  if (name.size() != colon) {
    return Error(Errc::bad_response, "a blank before the colon of " + std::string(name));
  }
  return is_name(name, kLength) ? take_length(line.substr(colon + 1), head) : std::nullopt;
}

}  // namespace leat::http
