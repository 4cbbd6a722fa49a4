#include "engine/http/message/hidden_userinfo.hpp"

#include <cstddef>

#include "engine/text/utf8.hpp"

namespace leat::http {

namespace {

// \" and \\ stand for one sign of a password. \( is where a jq program puts a value in.
std::size_t authority_size(std::string_view text) noexcept {
  constexpr std::string_view kEnds = "/?#\" \t\r\n";
  std::size_t size = 0;
  while (size < text.size()) {
    const auto rest = text.substr(size);
    if (kEnds.find(rest.front()) != kEnds.npos || rest.starts_with("\\(")) break;
    size += rest.starts_with("\\\"") || rest.starts_with("\\\\") ? 2 : 1;
  }
  return size;
}

}  // namespace

std::string with_hidden_userinfo(std::string_view text) {
  constexpr std::string_view kBefore = "://";
  std::string shown;
  for (auto at = text.find(kBefore); at != std::string_view::npos; at = text.find(kBefore)) {
    at += kBefore.size();
    shown.append(text.substr(0, at));
    text.remove_prefix(at);
    const auto authority = text.substr(0, authority_size(text));
    const auto end = authority.rfind('@');
    if (end == std::string_view::npos) continue;
    shown.append(text::count_characters(authority.substr(0, end)), '*');
    text.remove_prefix(end);
  }
  return shown.append(text);
}

}  // namespace leat::http
