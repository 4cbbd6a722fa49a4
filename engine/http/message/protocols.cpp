#include "engine/http/message/protocols.hpp"

#include "engine/text/ascii.hpp"

namespace leat::http {

std::string allowed_schemes(std::string_view list) {
  bool http = true;
  bool https = true;
  for (auto item : text::split(list, ',')) {
    item = text::trimmed(item);
    const char how = item.empty() ? '+' : item.front();
    if (how == '=' || how == '+' || how == '-') item.remove_prefix(item.empty() ? 0 : 1);
    const bool all = text::equal_ignoring_case(item, "all");
    const bool names_http = all || text::equal_ignoring_case(item, "http");
    const bool names_https = all || text::equal_ignoring_case(item, "https");
    if (how == '=') http = https = false;
    if (names_http) http = how != '-';
    if (names_https) https = how != '-';
  }
  if (http && https) return "http,https";
  return http ? "http" : https ? "https" : "";
}

}  // namespace leat::http
