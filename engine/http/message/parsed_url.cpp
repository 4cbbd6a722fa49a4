#include "engine/http/message/parsed_url.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/http/message/base_url.hpp"
#include "engine/text/ascii.hpp"
#include "engine/text/ipv4.hpp"
#include "engine/text/number.hpp"

namespace leat::http {

namespace {

// True for characters that libcurl neither decodes, encodes nor interprets in a path or query. A dot counts
// only in the middle of a name.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-_~.,;:@!$&'()*+="))
    plain[static_cast<unsigned char>(c)] = true;
  return plain;
}();

bool is_plain(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return kPlain[c]; });
}

// Gives the port with its ':'; it is empty if there is none.
std::string_view port_of(const Url& url) noexcept { return url.host_port().substr(url.host().size()); }

// Says whether it is a number up to 65535 without leading zeros.
bool is_plain_port(std::string_view text) noexcept {
  const auto value = text::parse_number<std::uint16_t>(text);
  return value && *value > 0 && text.front() != '0';
}

// Says whether libcurl takes the host as it stands. If a host begins with a digit, libcurl makes an address
// of it where it can.
bool is_plain_host(std::string_view host) noexcept {
  if (host.empty()) return false;
  if (text::is_digit(host.front())) return text::is_ipv4(host);
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || text::is_digit(c) || c == '-' || c == '.';
  });
}

// Says whether libcurl takes scheme, host and port as they stand, and there is no userinfo.
bool has_plain_authority(const Url& url) noexcept {
  if (url.scheme() != "http" && url.scheme() != "https") return false;
  if (url.has_userinfo() || !is_plain_host(url.host())) return false;
  const auto port = port_of(url);
  return port.empty() || is_plain_port(port.substr(1));
}

std::string_view path_of(const Url& url) noexcept {
  return url.rest().substr(0, url.rest().find_first_of("?#"));
}

bool has_encoded_dot(std::string_view path) noexcept {
  for (auto at = path.find("%2"); at != path.npos; at = path.find("%2", at + 1)) {
    if (at + 2 < path.size() && (path[at + 2] | 0x20) == 'e') return true;
  }
  return false;
}

// libcurl 8.14 takes "%2e" for a dot, and leaves out what it makes a dot segment. A URL may be signed, so
// only segments that are written with dots are left out.
std::string without_plain_dot_segments(const Url& url) {
  const std::string_view path = path_of(url);
  std::string text(url.before_path());
  text += without_dot_segments(path);
  return text.append(url.rest().substr(path.size()));
}

bool has_empty_query(const Url& url) noexcept {
  const std::string_view rest = url.rest();
  const auto mark = rest.find('?');
  return mark < rest.find('#') && (mark + 1 == rest.size() || rest[mark + 1] == '#');
}

CurlText part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  return CurlText(curl_url_get(url, part, &text, 0) == CURLUE_OK ? text : nullptr);
}

bool drops_empty_queries() {
  static const bool drops = [] {
    const CurlUrl url = make_curl_url();
    return curl_url_set(url.get(), CURLUPART_URL, "http://host/?", 0) == CURLUE_OK &&
           part_of(url.get(), CURLUPART_QUERY) == nullptr;
  }();
  return drops;
}

}  // namespace

bool ParsedUrl::assign(const Url& url, bool as_is) {
  if (!base_.empty() && url.before_path() == base_ && assign_rest(url)) return true;
  if (is_plain_ && assign_host(url)) return true;
  base_.clear();
  is_plain_ = false;
  // The handle is new, because libcurl would take a URL without a scheme for a link on the page that the old
  // one holds.
  handle_ = make_curl_url();
  const bool is_rewritten = !as_is && has_encoded_dot(path_of(url));
  if (is_rewritten) text_ = without_plain_dot_segments(url);
  // These are the flags with which libcurl itself parses CURLOPT_URL.
  const unsigned flags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME |
                         (as_is || is_rewritten ? unsigned{CURLU_PATH_AS_IS} : 0);
  const std::string& text = is_rewritten ? text_ : url.text();
  if (curl_url_set(handle_.get(), CURLUPART_URL, text.c_str(), flags) != CURLUE_OK) return false;
  curl_url_set(handle_.get(), CURLUPART_FRAGMENT, nullptr, 0);  // it is never sent
  if (url.host().empty()) return true;  // for "http:///x" libcurl takes x for the host
  base_ = url.before_path();
  is_plain_ = has_plain_authority(url);
  return true;
}

std::string ParsedUrl::target_kept_from(const Url& url) const {
  if (!has_empty_query(url) || !drops_empty_queries()) return {};
  const CurlText path = part_of(get(), CURLUPART_PATH);
  return path ? std::string(path.get()) + '?' : std::string();
}

bool ParsedUrl::assign_host(const Url& url) {
  const bool is_same_scheme = base_.starts_with(url.scheme()) && base_[url.scheme().size()] == ':';
  if (!is_same_scheme || !has_plain_authority(url)) return false;
  base_ = url.before_path();
  text_ = url.host();
  if (curl_url_set(handle_.get(), CURLUPART_HOST, text_.c_str(), 0) != CURLUE_OK) return false;
  text_ = port_of(url);
  const char* port = text_.empty() ? nullptr : text_.c_str() + 1;
  return curl_url_set(handle_.get(), CURLUPART_PORT, port, 0) == CURLUE_OK && assign_rest(url);
}

bool ParsedUrl::assign_rest(const Url& url) {
  const std::string_view rest = url.rest();
  const auto mark = std::min(rest.find('?'), rest.size());
  const std::string_view path = rest.substr(0, mark);
  if (!path.starts_with('/') || !is_plain(path) || path.find("/.") != std::string_view::npos) return false;
  const char* whole = rest.data();  // the text ends with a NUL byte
  const char* query = nullptr;
  if (mark < rest.size()) {
    const std::string_view after = rest.substr(mark + 1);
    if (after.empty() || !is_plain(after)) return false;
    query = after.data();
    text_ = path;
    whole = text_.c_str();
  }
  return curl_url_set(handle_.get(), CURLUPART_PATH, whole, 0) == CURLUE_OK &&
         curl_url_set(handle_.get(), CURLUPART_QUERY, query, 0) == CURLUE_OK;
}

}  // namespace leat::http
