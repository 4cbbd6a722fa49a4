#include "engine/http/message/headers.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"

namespace leat::http {

void Headers::unfold(std::string_view line) {
  text_.erase(text_.find_last_not_of(text::kBlanksAndLineEnds) + 1);
  text_ += ' ';
  text_ += line.substr(std::min(line.find_first_not_of(text::kBlanks), line.size()));
}

bool Headers::next(std::string_view& rest, std::string_view& name, std::string_view& value) noexcept {
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    name = text::trimmed(line.substr(0, colon), text::kBlanksAndLineEnds);
    value = text::trimmed(line.substr(colon + 1), text::kBlanksAndLineEnds);
    return true;
  }
  return false;
}

// Every request comes through here, so the colon is looked at before the letters are compared.
std::optional<std::string_view> Headers::find(std::string_view wanted) const noexcept {
  for (std::size_t at = 0; at < text_.size();) {
    const auto newline = text_.find('\n', at);
    const std::string_view line(text_.data() + at, std::min(newline, text_.size()) - at);
    if (line.size() > wanted.size() && line[wanted.size()] == ':' &&
        text::starts_with_ignoring_case(line, wanted)) {
      return text::trimmed(line.substr(wanted.size() + 1), text::kBlanksAndLineEnds);
    }
    if (newline == std::string::npos) break;
    at = newline + 1;
  }
  return std::nullopt;
}

}  // namespace leat::http
