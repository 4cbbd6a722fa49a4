#include "engine/http/message/hidden_userinfo.hpp"

namespace leat::http {

std::string with_hidden_userinfo(std::string_view text) {
  constexpr std::string_view kBefore = "://";
  std::string shown;
  for (auto at = text.find(kBefore); at != std::string_view::npos; at = text.find(kBefore)) {
    at += kBefore.size();
    shown.append(text.substr(0, at));
    text.remove_prefix(at);
    const auto authority = text.substr(0, text.find_first_of("/?#\\\"' \t\r\n"));
    const auto end = authority.rfind('@');
    if (end == std::string_view::npos) continue;
    for (const char c : authority.substr(0, end)) {
      if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) shown += '*';  // the first byte of a character
    }
    text.remove_prefix(end);
  }
  return shown.append(text);
}

}  // namespace leat::http
