#include "engine/http/headers.hpp"

#include <strings.h>

namespace leat::http {

namespace {

std::string_view trim(std::string_view text) noexcept {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

bool Headers::next(std::string_view& rest, std::string_view& name, std::string_view& value) noexcept {
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    name = trim(line.substr(0, colon));
    value = trim(line.substr(colon + 1));
    return true;
  }
  return false;
}

std::optional<std::string_view> Headers::find(std::string_view wanted) const noexcept {
  std::string_view rest = text_;
  std::string_view name;
  std::string_view value;
  while (next(rest, name, value)) {
    if (name.size() == wanted.size() && strncasecmp(name.data(), wanted.data(), name.size()) == 0)
      return value;
  }
  return std::nullopt;
}

}  // namespace leat::http
