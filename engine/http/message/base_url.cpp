#include "engine/http/message/base_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/text/ascii.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

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

bool is_kept(char c) noexcept { return static_cast<unsigned char>(c) > 0x20 && c != 0x7F; }
bool is_clean(std::string_view text) noexcept { return std::all_of(text.begin(), text.end(), is_kept); }

std::string_view trim(std::string_view text) noexcept {
  const auto is_dropped = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!text.empty() && is_dropped(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_dropped(text.back())) text.remove_suffix(1);
  return text;
}

bool is_web(std::string_view scheme) noexcept {
  return text::equal_ignoring_case(scheme, "http:") || text::equal_ignoring_case(scheme, "https:");
}

std::string_view before_query(std::string_view url) noexcept {
  return url.substr(0, url.find_first_of("?#"));
}

// Characters of a reference that stay what they are, wherever they stand.
enum class Sign : std::uint8_t { odd, plain, colon, slash, end };
constexpr auto kSigns = [] {
  std::array<Sign, 256> signs{};
  for (std::size_t c = 0x21; c < 0x100; ++c) signs[c] = Sign::plain;
  for (const char c : {'"', '\\', '\x7F'}) signs[static_cast<unsigned char>(c)] = Sign::odd;
  signs[':'] = Sign::colon;
  signs['/'] = Sign::slash;
  signs['?'] = signs['#'] = Sign::end;
  return signs;
}();
Sign sign_of(char c) noexcept { return kSigns[static_cast<unsigned char>(c)]; }
bool has_plain_signs(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), [](char c) { return sign_of(c) == Sign::odd; });
}

// Whether a path, with the query behind it, has plain characters, no segment that begins with a dot, and
// before its first slash no colon.
bool is_plain_path(std::string_view text) noexcept {
  const char* at = text.data();
  const char* const end = at + text.size();
  bool has_slash = false;
  for (bool is_start = true;;) {
    if (is_start && at != end && *at == '.') return false;
    while (at != end && sign_of(*at) == Sign::plain) ++at;
    if (at == end) return true;
    const Sign sign = sign_of(*at);
    if (sign == Sign::end) return has_plain_signs({at, static_cast<std::size_t>(end - at)});
    is_start = sign == Sign::slash;
    has_slash = has_slash || is_start;
    if (sign == Sign::odd || !has_slash) return false;
    ++at;
  }
}

std::string without_line_breaks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
  return out;
}

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

std::string without_dot_segments(std::string_view path) {
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

BaseUrl::BaseUrl(std::string_view url) {
  const std::string cleaned = clean(trim(url));
  const Parts parts = split(cleaned);
  const bool hierarchical = !parts.authority.empty() || parts.path.starts_with('/');
  if (parts.scheme.empty() || !hierarchical) return;
  scheme_ = parts.scheme;
  authority_ = parts.authority;
  path_ = parts.path;
  query_ = parts.query;
  if (!is_web(scheme_) || authority_.empty()) return;
  folder_ = scheme_ + authority_;
  folder_ += path_.empty() ? "/" : without_dot_segments(path_.substr(0, path_.rfind('/') + 1));
  if (!has_plain_signs(folder_)) folder_.clear();
}

bool BaseUrl::append_plain(std::string& out, std::string_view reference) const {
  if (folder_.empty() || reference.empty()) return false;
  const bool may_have_scheme = reference.front() == 'h';  // or is a path
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!may_have_scheme || !reference.starts_with(scheme)) continue;
    const std::string_view rest = reference.substr(scheme.size());
    if (rest.empty() || rest.front() == '/' || !has_plain_signs(rest)) return false;
    out += reference;
    return true;
  }
  const bool is_absolute = reference.front() == '/';
  if (sign_of(reference.front()) == Sign::end || reference.starts_with("//") || !is_plain_path(reference))
    return false;
  out.append(folder_, 0, is_absolute ? scheme_.size() + authority_.size() : folder_.size());
  out += reference;
  return true;
}

std::string BaseUrl::resolve(std::string_view reference) const {
  if (std::string plain; append_plain(plain, reference)) return plain;
  std::string cleaned = clean(trim(reference));
  const std::string_view scheme = split(cleaned).scheme;
  if (!scheme.empty() && !is_web(scheme)) {
    const bool has_host = !split(cleaned).authority.empty();
    return has_host ? cleaned : without_line_breaks(trim(reference));
  }
  if (!scheme.empty() || is_web(scheme_)) {
    const auto end = static_cast<std::ptrdiff_t>(before_query(cleaned).size());
    std::replace(cleaned.begin(), cleaned.begin() + end, '\\', '/');
    to_web_form(cleaned);
  }
  return join(cleaned);
}

// Makes "http:x", "http:///x" and "///x" what browsers take them for.
void BaseUrl::to_web_form(std::string& reference) const {
  const std::size_t scheme = split(reference).scheme.size();
  const bool is_own = scheme > 0 && text::equal_ignoring_case(reference.substr(0, scheme), scheme_);
  const std::size_t host = std::min(reference.find_first_not_of('/', scheme), reference.size());
  const std::size_t slashes = host - scheme;
  if (is_own && slashes < 2) {
    reference.erase(0, scheme);
  } else if (scheme > 0 || slashes > 2) {
    reference.replace(scheme, slashes, "//");
  }
}

std::string BaseUrl::join(const std::string& reference) const {
  const Parts parts = split(reference);
  if (!parts.scheme.empty() || scheme_.empty()) return reference;
  std::string out = scheme_;
  if (!parts.authority.empty()) {
    out.append(parts.authority).append(without_dot_segments(parts.path)).append(parts.query);
  } else if (parts.path.empty()) {
    out.append(authority_).append(path_).append(parts.query.empty() ? query_ : parts.query);
  } else {
    out += authority_;
    if (parts.path.starts_with('/')) {
      out += without_dot_segments(parts.path);
    } else if (path_.empty()) {
      out += without_dot_segments("/" + std::string(parts.path));
    } else {
      out += without_dot_segments(path_.substr(0, path_.rfind('/') + 1) + std::string(parts.path));
    }
    out += parts.query;
  }
  return out.append(parts.fragment);
}

std::string_view scheme_of_reference(std::string_view reference) noexcept {
  const std::string_view scheme = split(trim(reference)).scheme;
  return scheme.substr(0, scheme.size() - (scheme.empty() ? 0 : 1));
}

std::string resolve_url(std::string_view base, std::string_view reference) {
  const Parts parts = split(reference);
  const bool is_absolute = !parts.scheme.empty() && (parts.authority.size() > 2 || !is_web(parts.scheme));
  const bool has_backslash = before_query(reference).find('\\') != reference.npos;
  if (is_absolute && is_clean(reference) && !has_backslash) return std::string(reference);
  return BaseUrl(base).resolve(reference);
}

}  // namespace leat::http
