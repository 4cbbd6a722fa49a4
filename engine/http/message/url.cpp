#include "engine/http/message/url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/http/curl/curl_objects.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kMaxHost = 253;  // of the text form: RFC 1035, 2.3.4
constexpr std::size_t kMaxUrl = 1u << 20;

struct Split {
  std::string_view scheme;     // empty if there is none
  std::string_view authority;  // with userinfo and port
  std::size_t authority_at = 0;
};

constexpr auto kDelimits = [] {
  std::array<bool, 256> delimits{};
  for (const char c : {'/', '?', '#'}) delimits[static_cast<unsigned char>(c)] = true;
  return delimits;
}();

// Gives the place of the first '/', '?' or '#', or the end.
std::size_t first_delimiter(std::string_view url, std::size_t from) noexcept {
  while (from < url.size() && !kDelimits[static_cast<unsigned char>(url[from])]) ++from;
  return from;
}

// Characters that no URL may hold: blanks and control characters.
constexpr auto kForbidden = [] {
  std::array<bool, 256> forbidden{};
  for (std::size_t c = 0; c <= ' '; ++c) forbidden[c] = true;
  forbidden[0x7f] = true;
  return forbidden;
}();

// A scheme is what stands before "://" if it looks like one. Each request's URL is split several times, and
// nearly all begin with one of these two texts, so they come first.
Split split(std::string_view url) noexcept {
  Split parts;
  for (const std::string_view usual : {"http://", "https://"}) {
    if (!url.starts_with(usual)) continue;
    parts.scheme = url.substr(0, usual.size() - 3);
    parts.authority_at = usual.size();
    parts.authority = url.substr(usual.size(), first_delimiter(url, usual.size()) - usual.size());
    return parts;
  }
  std::size_t end = first_delimiter(url, 0);
  if (end > 0 && url[end - 1] == ':' && url.substr(end).starts_with("//")) {
    parts.scheme = url.substr(0, end - 1);
    parts.authority_at = end + 2;
    end = first_delimiter(url, parts.authority_at);
  }
  parts.authority = url.substr(parts.authority_at, end - parts.authority_at);
  return parts;
}

std::string_view without_user(std::string_view authority) noexcept {
  const auto at = authority.rfind('@');
  return at == std::string_view::npos ? authority : authority.substr(at + 1);
}

// "mailto:x" and "data:,x" have a scheme but no "//"; "host:8080/x" has a port.
std::string_view bare_scheme(std::string_view url) noexcept {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 >= url.size()) return {};
  const std::string_view name = url.substr(0, colon);
  const bool is_name = std::all_of(name.begin(), name.end(), text::is_letter);
  const bool is_port = text::is_digit(url[colon + 1]);
  return is_name && !is_port ? name : std::string_view();
}

Error unsupported(std::string_view scheme) {
  return Error(Errc::unsupported_scheme,
               "scheme \"" + std::string(scheme) + "\" is not supported; use http or https");
}

// Finds "%0a" and the like; libcurl would send such a name as an empty one.
bool has_encoded_control(std::string_view text) noexcept {
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (text[at] != '%') continue;
    const int high = text::hex_digit(text[at + 1]);
    const int low = text::hex_digit(text[at + 2]);
    if (high < 0 || low < 0) continue;
    if (high < 2 || (high == 7 && low == 15)) return true;
  }
  return false;
}

std::string take(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(handle, part, &raw, flags) != CURLUE_OK) return {};
  const CurlText text(raw);
  return text.get();
}

}  // namespace

Status check_url(std::string_view url) {
  if (url.empty()) return Error(Errc::bad_url, "the URL is empty");
  if (url.size() > kMaxUrl) return Error(Errc::bad_url, "the URL is longer than 1 MiB");
  const auto forbidden = std::find_if(url.begin(), url.end(), [](unsigned char c) { return kForbidden[c]; });
  if (forbidden != url.end()) {
    if (*forbidden == ' ') return Error(Errc::bad_url, "the URL holds a blank; write it as %20");
    return Error(Errc::bad_url, "the URL holds a control character");
  }
  const Split parts = split(url);
  if (!parts.scheme.empty()) {
    if (!text::equal_ignoring_case(parts.scheme, "http") && !text::equal_ignoring_case(parts.scheme, "https"))
      return unsupported(parts.scheme);
  } else if (const auto scheme = bare_scheme(url); !scheme.empty()) {
    if (!text::equal_ignoring_case(scheme, "http") && !text::equal_ignoring_case(scheme, "https"))
      return unsupported(scheme);
    return Error(Errc::bad_url, "\"//\" is missing behind \"" + std::string(scheme) + ":\"");
  }
  const std::string_view host_port = without_user(parts.authority);
  const bool has_user = host_port.size() < parts.authority.size();
  if (has_user && has_encoded_control(parts.authority.substr(0, parts.authority.size() - host_port.size()))) {
    return Error(Errc::bad_url, "the user or password in the URL holds a control character");
  }
  std::string_view host = host_port;
  if (host.starts_with('[')) {
    const auto end = host.find(']');
    if (end == std::string_view::npos) return Error(Errc::bad_url, "the IPv6 address has no closing bracket");
    host = host.substr(0, end + 1);
  } else {
    host = host.substr(0, host.rfind(':'));
  }
  if (host.empty()) return Error(Errc::bad_url, "the URL names no host");
  if (host.size() > kMaxHost) return Error(Errc::bad_url, "the host name is longer than 253 bytes");
  std::string_view port = host_port.substr(host.size());
  if (!port.empty()) {
    if (port.front() != ':')
      return Error(Errc::bad_url, "something stands between the IPv6 address and the path");
    port.remove_prefix(1);
    if (!port.empty() && (port.size() > 5 || !text::parse_number<std::uint16_t>(port))) {
      return Error(Errc::bad_url, "the port is not a number from 0 to 65535");
    }
  }
  return std::nullopt;
}

Status check_method(std::string_view method) {
  if (!method.empty() && method.size() <= 32 && std::all_of(method.begin(), method.end(), text::is_token))
    return {};
  return Error(Errc::bad_input, "\"method\" takes a word such as GET");
}

Status check_header(std::string_view field) {
  const auto colon = field.find_first_of(":;");
  const std::string_view name = field.substr(0, colon);
  for (const char c : field) {
    if (c == '\r' || c == '\n' || c == '\0') {
      return Error(Errc::bad_input,
                   // The message doesn't show the header, because its value may be secret.
                   "the header holds a line break or a NUL byte");
    }
  }
  if (colon == std::string_view::npos)
    return Error(Errc::bad_input, "the header has no colon; write \"Name: value\"");
  if (name.empty() || name.find_first_of(" \t") != std::string_view::npos) {
    return Error(Errc::bad_input, "the header's name is empty or holds a blank");
  }
  return std::nullopt;
}

Result<Url> parse_url(const std::string& url) {
  const CurlUrl handle = make_curl_url();
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_DEFAULT_SCHEME);
  if (code != CURLUE_OK) return Error(Errc::bad_url, curl_url_strerror(code));
  Url parts;
  parts.scheme = text::to_lower(take(handle.get(), CURLUPART_SCHEME));
  // libcurl would guess it from names such as ftp.example.org.
  if (split(url).scheme.empty()) parts.scheme = "http";
  parts.host = text::to_lower(take(handle.get(), CURLUPART_HOST));
  parts.port = take(handle.get(), CURLUPART_PORT);
  if (parts.port.empty()) parts.port = parts.scheme == "https" ? "443" : "80";
  parts.path = take(handle.get(), CURLUPART_PATH);
  parts.query = take(handle.get(), CURLUPART_QUERY);
  return parts;
}

std::size_t end_of_authority(std::string_view url) noexcept {
  const Split parts = split(url);
  return parts.authority_at + parts.authority.size();
}

std::string origin_of(std::string_view url) {
  const Split parts = split(url);
  const bool tls = text::equal_ignoring_case(parts.scheme, "https");
  const std::string_view host = without_user(parts.authority);
  std::string origin;
  origin.reserve(sizeof "https://" + host.size() + sizeof ":443");
  origin = tls ? "https://" : "http://";
  origin += host;
  if (std::any_of(host.begin(), host.end(), text::is_upper)) {
    for (char& c : origin) c = text::to_lower(c);
  }
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos;
  if (!has_port) {
    origin += tls ? ":443" : ":80";
  } else if (colon + 1 == host.size()) {
    origin += tls ? "443" : "80";
  }
  return origin;
}

std::string without_userinfo(std::string_view url) {
  const Split parts = split(url);
  const auto at = parts.authority.rfind('@');
  if (at == std::string_view::npos) return std::string(url);
  std::string clean(url.substr(0, parts.authority_at));
  clean += url.substr(parts.authority_at + at + 1);
  return clean;
}

std::string with_scheme(std::string_view url) {
  std::string whole(split(url).scheme.empty() ? "http://" : "");
  return whole.append(url);
}

std::string sent_url(std::string_view url) {
  const Split parts = split(url);
  std::string sent;
  sent.reserve(url.size() + sizeof "http://");
  sent += parts.scheme.empty() ? "http://" : url.substr(0, parts.authority_at);
  sent += without_user(parts.authority);
  const std::string_view rest = url.substr(parts.authority_at + parts.authority.size());
  if (text::is_ascii(rest)) return sent.append(rest);
  for (const char c : rest) {
    if (static_cast<unsigned char>(c) < 0x80) {
      sent += c;
    } else {
      text::append_percent_encoded(sent, c);
    }
  }
  return sent;
}

std::optional<std::string> userinfo_of(const std::string& url) {
  if (url.find('@') == std::string::npos || split(url).authority.find('@') == std::string_view::npos)
    return std::nullopt;
  const CurlUrl handle = make_curl_url();
  if (curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_DEFAULT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  return take(handle.get(), CURLUPART_USER, CURLU_URLDECODE) + ":" +
         take(handle.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
}

bool has_password(std::string_view url) noexcept {
  const std::string_view authority = split(url).authority;
  return authority.substr(0, authority.size() - without_user(authority).size()).find(':') !=
         std::string_view::npos;
}

}  // namespace leat::http
