#include "engine/http/message/base_url.hpp"

#include <algorithm>

#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f";

bool is_scheme(char c) noexcept { return text::is_alphanumeric(c) || c == '+' || c == '-' || c == '.'; }

struct Parts {
  std::string_view scheme;     // with its ':'
  std::string_view authority;  // with its "//"
  std::string_view path;
  std::string_view query;     // with its '?'
  std::string_view fragment;  // with its '#'
};

std::string_view take(std::string_view& rest, std::size_t length) noexcept {
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(taken.size());
  return taken;
}

Parts split(std::string_view url) noexcept {
  Parts parts;
  if (!url.empty() && text::is_letter(url.front())) {
    const auto end = std::find_if_not(url.begin(), url.end(), is_scheme) - url.begin();
    const auto colon = static_cast<std::size_t>(end);
    if (colon < url.size() && url[colon] == ':') parts.scheme = take(url, colon + 1);
  }
  if (url.starts_with("//")) parts.authority = take(url, url.find_first_of("/?#", 2));
  parts.path = take(url, url.find_first_of("?#"));
  parts.query = take(url, url.find('#'));
  parts.fragment = url;
  return parts;
}

// Does what RFC 3986, 5.2.4, says, for a path that starts with '/'.
std::string without_dots(std::string_view path) {
  std::string out;
  out.reserve(path.size());
  while (!path.empty()) {
    const std::string_view segment = path.substr(0, std::min(path.find('/', 1), path.size()));
    path.remove_prefix(segment.size());
    if (segment == "/.") {
      if (path.empty()) out += '/';
    } else if (segment == "/..") {
      out.erase(std::min(out.rfind('/'), out.size()));
      if (path.empty()) out += '/';
    } else {
      out += segment;
    }
  }
  return out;
}

bool is_kept(char c) noexcept { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; }
bool is_clean(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_kept); }

std::string clean(std::string_view text) {
  if (is_clean(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '\t' || c == '\r' || c == '\n') continue;
    is_kept(c) ? void(out += c) : text::append_percent_encoded(out, c);
  }
  return out;
}

}  // namespace

BaseUrl::BaseUrl(std::string_view url) {
  const std::string cleaned = clean(text::trimmed(url, kBlanks));
  const Parts parts = split(cleaned);
  const bool hierarchical = !parts.authority.empty() || parts.path.starts_with('/');
  if (parts.scheme.empty() || !hierarchical) return;
  scheme_ = parts.scheme;
  authority_ = parts.authority;
  path_ = parts.path;
  query_ = parts.query;
}

std::string BaseUrl::resolve(std::string_view reference) const {
  const std::string_view trimmed = text::trimmed(reference, kBlanks);
  const std::string cleaned = clean(trimmed);
  const Parts parts = split(cleaned);
  if (!parts.scheme.empty()) return parts.authority.empty() ? std::string(trimmed) : cleaned;
  if (scheme_.empty()) return cleaned;
  std::string out = scheme_;
  if (!parts.authority.empty()) {
    out.append(parts.authority).append(without_dots(parts.path)).append(parts.query);
  } else if (parts.path.empty()) {
    out.append(authority_).append(path_).append(parts.query.empty() ? query_ : parts.query);
  } else {
    out += authority_;
    if (parts.path.starts_with('/')) {
      out += without_dots(parts.path);
    } else if (path_.empty()) {
      out += without_dots("/" + std::string(parts.path));
    } else {
      out += without_dots(path_.substr(0, path_.rfind('/') + 1) + std::string(parts.path));
    }
    out += parts.query;
  }
  return out.append(parts.fragment);
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  const bool absolute = is_clean(reference) && !split(reference).scheme.empty();
  return absolute ? std::string(reference) : BaseUrl(base).resolve(reference);
}

}  // namespace leat::http
