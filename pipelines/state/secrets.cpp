#include "pipelines/state/secrets.hpp"

#include <algorithm>
#include <array>

#include "engine/http/message/url.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/text/ascii.hpp"

namespace leat::pipelines {

bool names_a_credential(std::string_view field_name) {
  const std::string name = text::to_lower(field_name);
  // They say how to authenticate, not by what.
  if (name == "www-authenticate" || name == "proxy-authenticate") return false;
  constexpr std::array<std::string_view, 14> kWords{
      "auth",  "token",   "secret",           "api-key",    "apikey",     "api_key",   "cookie",
      "passw", "session", "subscription-key", "access-key", "credential", "signature", "jwt"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool is_secret(Secret kind, const std::string& value) { return shown(kind, value) != value; }

std::string shown(Secret kind, const std::string& value) {
  switch (kind) {
    case Secret::all:
      return std::string(kHidden);
    case Secret::header: {
      const auto end = value.find_first_of(":;");
      const bool hidden = end != std::string::npos && names_a_credential(value.substr(0, end));
      return hidden ? value.substr(0, end + 1).append(" ").append(kHidden) : value;
    }
    case Secret::url:
      return http::without_userinfo(value);
    case Secret::pass: {
      const auto colon = value.find(':');
      return colon == std::string::npos ? value : value.substr(0, colon + 1).append(kHidden);
    }
    case Secret::cookies:
      return http::is_cookie_data(value) ? std::string(kHidden) : value;
    case Secret::no:
      break;
  }
  return value;
}

}  // namespace leat::pipelines
