#include "engine/http/message/parsed_url.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "engine/http/message/url.hpp"
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

// Says whether it is a number up to `most` without leading zeros.
bool is_plain_number(std::string_view text, unsigned most) noexcept {
  const auto value = text::parse_number<unsigned>(text);
  return value && *value <= most && (text.size() == 1 || text.front() != '0');
}

bool is_dotted_quad(std::string_view text) noexcept {
  for (int left = 3; left > 0; --left) {
    const auto dot = text.find('.');
    if (dot == std::string_view::npos || !is_plain_number(text.substr(0, dot), 255)) return false;
    text.remove_prefix(dot + 1);
  }
  return is_plain_number(text, 255);
}

// Says whether libcurl takes the host as it stands. If a host begins with a digit, libcurl makes an address
// of it where it can.
bool is_plain_host(std::string_view host) noexcept {
  if (host.empty()) return false;
  if (host.front() >= '0' && host.front() <= '9') return is_dotted_quad(host);
  return std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

struct Authority {
  std::string_view host;
  std::string_view port;  // empty if there is none
};

// Gives the parts if libcurl takes both host and port as they stand.
std::optional<Authority> plain_authority(std::string_view text) noexcept {
  const auto colon = std::min(text.find(':'), text.size());
  Authority authority{text.substr(0, colon), {}};
  if (colon < text.size()) {
    authority.port = text.substr(colon + 1);
    if (!is_plain_number(authority.port, 65535) || authority.port == "0") return std::nullopt;
  }
  if (!is_plain_host(authority.host)) return std::nullopt;
  return authority;
}

std::size_t scheme_size(std::string_view base) noexcept {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (base.starts_with(scheme) && plain_authority(base.substr(scheme.size()))) return scheme.size();
  }
  return 0;
}

}  // namespace

bool ParsedUrl::assign(const std::string& url) {
  if (!base_.empty() && url.starts_with(base_) && assign_rest(url)) return true;
  if (scheme_size_ > 0 && assign_host(url)) return true;
  base_.clear();
  scheme_size_ = 0;
  // The handle is new, because libcurl would take a URL without a scheme for a link on the page that the old
  // one holds.
  handle_ = make_curl_url();
  // These are the flags with which libcurl itself parses CURLOPT_URL.
  constexpr unsigned kFlags = CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME;
  if (curl_url_set(handle_.get(), CURLUPART_URL, url.c_str(), kFlags) != CURLUE_OK) return false;
  curl_url_set(handle_.get(), CURLUPART_FRAGMENT, nullptr, 0);  // it is never sent
  base_.assign(url, 0, end_of_authority(url));
  if (base_.ends_with('/')) base_.clear();  // for "http:///x" libcurl takes x for the host
  scheme_size_ = scheme_size(base_);
  return true;
}

bool ParsedUrl::assign_host(const std::string& url) {
  if (url.compare(0, scheme_size_, base_, 0, scheme_size_) != 0) return false;
  const std::size_t end = end_of_authority(url);
  const auto authority = plain_authority(std::string_view(url).substr(scheme_size_, end - scheme_size_));
  if (!authority) return false;
  base_.assign(url, 0, end);
  host_.assign(authority->host);
  if (curl_url_set(handle_.get(), CURLUPART_HOST, host_.c_str(), 0) != CURLUE_OK) return false;
  host_.assign(authority->port);
  const char* port = host_.empty() ? nullptr : host_.c_str();
  return curl_url_set(handle_.get(), CURLUPART_PORT, port, 0) == CURLUE_OK && assign_rest(url);
}

bool ParsedUrl::assign_rest(const std::string& url) {
  const auto mark = std::min(url.find('?', base_.size()), url.size());
  const std::string_view path(url.data() + base_.size(), mark - base_.size());
  const bool has_query = mark < url.size();
  if (!path.starts_with('/') || !is_plain(path) || path.find("/.") != std::string_view::npos) return false;
  const char* whole = url.c_str() + base_.size();
  const char* query = nullptr;
  if (has_query) {
    query = url.c_str() + mark + 1;
    if (*query == '\0' || !is_plain(query)) return false;
    path_.assign(path);
    whole = path_.c_str();
  }
  return curl_url_set(handle_.get(), CURLUPART_PATH, whole, 0) == CURLUE_OK &&
         curl_url_set(handle_.get(), CURLUPART_QUERY, query, 0) == CURLUE_OK;
}

}  // namespace leat::http
