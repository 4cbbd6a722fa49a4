#include "engine/http/message/canonical_url.hpp"

#include <algorithm>

#include "engine/http/message/base_url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

void append_percent_normal(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (const auto byte = text::percent_byte(text, i)) {
      text::append_percent_normal(out, *byte);
      i += 2;
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      text::append_percent_encoded(out, c);
    } else {
      out += c;
    }
  }
}

std::string_view take_until(std::string_view& rest, std::string_view stops) noexcept {
  const auto taken = rest.substr(0, rest.find_first_of(stops));
  rest.remove_prefix(taken.size());
  return taken;
}

void append_authority(std::string& out, std::string_view authority, std::string_view scheme) {
  const auto at = authority.rfind('@');
  if (at != authority.npos) {
    append_percent_normal(out, authority.substr(0, at + 1));
    authority.remove_prefix(at + 1);
  }
  const auto bracket = authority.rfind(']');  // colons in "[::1]:80" stand before it, too
  const auto colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
  std::string host;
  append_percent_normal(host, authority.substr(0, colon));
  out += text::to_lower(host);
  auto port = colon == authority.npos ? std::string_view() : authority.substr(colon + 1);
  while (port.size() > 1 && port.front() == '0') port.remove_prefix(1);
  if (!port.empty() && port != (scheme == "https" ? "443" : "80")) out.append(":").append(port);
}

bool matches(std::string_view name, std::string_view pattern) noexcept {
  const auto star = pattern.find('*');
  if (star == pattern.npos) return name == pattern;
  if (!name.starts_with(pattern.substr(0, star))) return false;
  pattern.remove_prefix(star + 1);
  for (name.remove_prefix(star);; name.remove_prefix(1)) {
    if (matches(name, pattern)) return true;
    if (name.empty()) return false;
  }
}

}  // namespace

std::string canonical_url(std::string_view url) {
  url = url.substr(0, url.find('#'));
  const auto slashes = url.find("://");
  const bool has_scheme = slashes != url.npos && slashes < url.find_first_of("/?");
  const std::string scheme = has_scheme ? text::to_lower(url.substr(0, slashes)) : "http";
  if (has_scheme) url.remove_prefix(slashes + 3);
  std::string out;
  out.reserve(scheme.size() + url.size() + 4);
  out.append(scheme).append("://");
  append_authority(out, take_until(url, "/?"), scheme);
  std::string path;
  append_percent_normal(path, take_until(url, "?"));
  out += path.empty() ? "/" : without_dot_segments(path);
  append_percent_normal(out, url);
  return out;
}

void drop_parameters(std::string& canonical, const std::vector<std::string>& names) {
  const auto mark = canonical.find('?');
  if (names.empty() || mark == canonical.npos) return;
  const std::string query = canonical.substr(mark + 1);
  canonical.resize(mark);
  for (const auto parameter : text::split(query, '&')) {
    const auto name = parameter.substr(0, parameter.find('='));
    const auto is_named = [name](const std::string& pattern) { return matches(name, pattern); };
    if (std::any_of(names.begin(), names.end(), is_named)) continue;
    canonical += canonical.size() == mark ? '?' : '&';
    canonical += parameter;
  }
}

}  // namespace leat::http
