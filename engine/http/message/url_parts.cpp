#include "engine/http/message/url_parts.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "engine/http/curl/curl_objects.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

std::string take(CURLU* handle, CURLUPart part, unsigned flags = 0) {
  char* raw = nullptr;
  if (curl_url_get(handle, part, &raw, flags) != CURLUE_OK) return {};
  const CurlText text(raw);
  return text.get();
}

std::string_view take_digits(std::string_view& rest) noexcept {
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), text::is_digit);
  const std::string_view digits(rest.data(), static_cast<std::size_t>(end - rest.begin()));
  rest.remove_prefix(digits.size());
  return digits;
}

// Whether it is a number up to `most`, with up to five digits, as everybody writes it.
bool is_usual_number(std::string_view digits, int most) noexcept {
  if (digits.empty() || digits.size() > 5 || (digits.size() > 1 && digits.front() == '0')) return false;
  int number = 0;
  for (const char c : digits) number = number * 10 + (c - '0');
  return number <= most;
}

// "192.0.2.1", of which libcurl takes other forms as well.
bool is_usual_address(std::string_view host) noexcept {
  for (int parts = 1;; ++parts) {
    if (!is_usual_number(take_digits(host), 255)) return false;
    if (parts == 4 || !host.starts_with('.')) return parts == 4 && host.empty();
    host.remove_prefix(1);
  }
}

// A name in lower case whose last part begins with a letter, so that it is no address.
bool is_usual_name(std::string_view host) noexcept {
  constexpr std::size_t kMost = 253;
  const auto is_part = [](char c) {
    return (text::is_alphanumeric(c) && !text::is_upper(c)) || c == '-' || c == '.';
  };
  if (host.empty() || host.size() > kMost || !std::all_of(host.begin(), host.end(), is_part)) return false;
  const std::size_t dot = host.rfind('.');
  const std::string_view last = host.substr(dot == host.npos ? 0 : dot + 1);
  return !last.empty() && text::is_letter(last.front()) && host.front() != '.' &&
         host.find("..") == host.npos;
}

// Whether a path is what it means, and has no query behind it.
bool is_usual_path(std::string_view path) noexcept {
  const auto is_usual = [](char c) {
    return text::is_alphanumeric(c) || c == '-' || c == '_' || c == '.' || c == '/';
  };
  return std::all_of(path.begin(), path.end(), is_usual) && path.find("/.") == path.npos;
}

// The parts of a URL that needs no parser, as most do: http://example.org:8080/a/b.html. libcurl's takes
// forty times as long.
std::optional<UrlParts> usual_parts(std::string_view url) {
  const bool is_https = url.starts_with("https://");
  if (!is_https && !url.starts_with("http://")) return std::nullopt;
  url.remove_prefix(is_https ? 8 : 7);
  const std::string_view host = url.substr(0, url.find_first_of(":/?#"));
  url.remove_prefix(host.size());
  if (!is_usual_name(host) && !is_usual_address(host)) return std::nullopt;
  std::string_view port = is_https ? "443" : "80";
  if (url.starts_with(':')) {
    url.remove_prefix(1);
    port = take_digits(url);
    if (port == "0" || !is_usual_number(port, 65535)) return std::nullopt;
  }
  if (!url.empty() && (url.front() != '/' || !is_usual_path(url))) return std::nullopt;
  return UrlParts{is_https ? "https" : "http",
                  std::string(host),
                  std::string(port),
                  url.empty() ? "/" : std::string(url),
                  {}};
}

}  // namespace

Result<UrlParts> parse_url(const std::string& url) {
  if (auto usual = usual_parts(url)) return std::move(*usual);
  const CurlUrl handle = make_curl_url();
  const CURLUcode code = curl_url_set(handle.get(), CURLUPART_URL, url.c_str(), CURLU_DEFAULT_SCHEME);
  if (code != CURLUE_OK) return Error(Errc::bad_url, curl_url_strerror(code));
  UrlParts parts;
  parts.scheme = text::to_lower(take(handle.get(), CURLUPART_SCHEME));
  // libcurl would guess it from names such as ftp.example.org.
  if (!Url::split(url).has_scheme()) parts.scheme = "http";
  parts.host = text::to_lower(take(handle.get(), CURLUPART_HOST));
  parts.port = take(handle.get(), CURLUPART_PORT);
  if (parts.port.empty()) parts.port = parts.scheme == "https" ? "443" : "80";
  parts.path = take(handle.get(), CURLUPART_PATH);
  parts.query = take(handle.get(), CURLUPART_QUERY);
  return parts;
}

std::optional<std::string> userinfo_of(const Url& url) {
  if (!url.has_userinfo()) return std::nullopt;
  const CurlUrl handle = make_curl_url();
  if (curl_url_set(handle.get(), CURLUPART_URL, url.text().c_str(), CURLU_DEFAULT_SCHEME) != CURLUE_OK)
    return std::nullopt;
  return take(handle.get(), CURLUPART_USER, CURLU_URLDECODE) + ":" +
         take(handle.get(), CURLUPART_PASSWORD, CURLU_URLDECODE);
}

}  // namespace leat::http
