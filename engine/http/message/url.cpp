#include "engine/http/message/url.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"
#include "engine/text/percent.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kMaxHost = 253;  // of the text form: RFC 1035, 2.3.4
constexpr std::size_t kMaxUrl = 1u << 20;
constexpr std::string_view kHttp = "http://";
constexpr std::string_view kHttps = "https://";

// What the split looks for in an authority.
enum class Sign : std::uint8_t { none, end, at, colon, upper };
constexpr auto kSigns = [] {
  std::array<Sign, 256> signs{};
  for (const char c : {'/', '?', '#'}) signs[static_cast<unsigned char>(c)] = Sign::end;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) signs[c] = Sign::upper;
  signs['@'] = Sign::at;
  signs[':'] = Sign::colon;
  return signs;
}();
Sign sign_of(char c) noexcept { return kSigns[static_cast<unsigned char>(c)]; }

std::uint32_t place(std::size_t at) noexcept { return static_cast<std::uint32_t>(at); }

// A scheme is what stands before "://" if it looks like one. Nearly all URLs begin with one of two texts.
void find_scheme(std::string_view url, Url::Places& places) noexcept {
  places.is_usual = true;
  places.is_https = url.starts_with(kHttps);
  if (places.is_https) {
    places.authority = kHttps.size();
  } else if (url.starts_with(kHttp)) {
    places.authority = kHttp.size();
  } else {
    places.is_usual = false;
    const auto* const first =
        std::find_if(url.begin(), url.end(), [](char c) { return sign_of(c) == Sign::end; });
    const auto end = static_cast<std::size_t>(first - url.begin());
    if (end == 0 || url[end - 1] != ':' || !url.substr(end).starts_with("//")) return;
    places.is_https = text::equal_ignoring_case(url.substr(0, end - 1), "https");
    places.authority = place(end + 2);
  }
}

// Finds host, port and path behind the scheme.
void find_host(std::string_view url, Url::Places& places) noexcept {
  constexpr std::size_t kNone = std::string_view::npos;
  std::size_t at = places.authority;
  std::size_t host = at;
  std::size_t colon = kNone;
  bool is_lower = true;
  for (; at < url.size(); ++at) {
    const Sign sign = sign_of(url[at]);
    if (sign == Sign::none) [[likely]]
      continue;
    if (sign == Sign::end) break;
    if (sign == Sign::colon) {
      colon = at;
    } else if (sign == Sign::upper) {
      is_lower = false;
    } else {  // what came before is userinfo
      host = at + 1;
      colon = kNone;
      is_lower = true;
    }
  }
  std::size_t port = std::min(colon, at);
  if (host < at && url[host] == '[') {
    const auto bracket = url.substr(0, at).find(']', host);
    port = bracket == kNone ? at : bracket + 1;
  }
  places.host = place(host);
  places.port = place(port);
  places.path = place(at);
  places.is_usual = places.is_usual && host == places.authority && is_lower && port + 1 < at;
}

// Characters that no URL may hold: blanks and control characters.
constexpr auto kForbidden = [] {
  std::array<bool, 256> forbidden{};
  for (std::size_t c = 0; c <= ' '; ++c) forbidden[c] = true;
  forbidden[0x7f] = true;
  return forbidden;
}();

bool is_ours(std::string_view scheme) noexcept {
  return text::equal_ignoring_case(scheme, "http") || text::equal_ignoring_case(scheme, "https");
}

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& schemes, std::string_view name) noexcept {
  return std::any_of(schemes.begin(), schemes.end(),
                     [name](std::string_view scheme) { return text::equal_ignoring_case(name, scheme); });
}

// Behind these, digits are a number to call or a program, as in links of pages: "tel:5550100".
constexpr std::array<std::string_view, 12> kNoHosts{"http",     "https",  "mailto", "tel",
                                                    "sms",      "callto", "fax",    "whatsapp",
                                                    "facetime", "viber",  "skype",  "javascript"};
// There may be a host of that name, but only a port makes it one: "geo:37.8,-122.4", "sip:1@voip.test".
constexpr std::array<std::string_view, 3> kHardlyHosts{"geo", "sip", "sips"};

bool begins_with_port(std::string_view text) noexcept {
  const auto end = std::find_if_not(text.begin(), text.end(), text::is_digit);
  return end == text.end() || sign_of(*end) == Sign::end;
}

// "mailto:x" and "data:,x" have a scheme but no "//"; "host:8080/x" has a port.
std::string_view bare_scheme(std::string_view url) noexcept {
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  const std::string_view name = url.substr(0, colon);
  if (is_one_of(kNoHosts, name)) return name;
  const std::string_view rest = url.substr(colon + 1);
  if (is_one_of(kHardlyHosts, name)) return begins_with_port(rest) ? std::string_view() : name;
  const bool is_name = std::all_of(name.begin(), name.end(), text::is_letter);
  return is_name && !rest.empty() && !text::is_digit(rest.front()) ? name : std::string_view();
}

constexpr const char* kNotAlone = "something stands before \"http\"; the URL has to stand alone";

// Says whether a scheme is one of ours behind something that is no part of a name: "<http", "url=https".
bool has_ours_behind(std::string_view scheme) noexcept {
  const std::string_view ours =
      text::equal_ignoring_case(scheme.substr(scheme.size() - 1), "s") ? "https" : "http";
  if (scheme.size() <= ours.size()) return false;
  const auto before = scheme.size() - ours.size();
  return text::equal_ignoring_case(scheme.substr(before), ours) &&
         std::string_view("+-.").find(scheme[before - 1]) == std::string_view::npos &&
         !text::is_alphanumeric(scheme[before - 1]);
}

bool begins_as_ours(std::string_view url) noexcept {
  return text::starts_with_ignoring_case(url, kHttp) || text::starts_with_ignoring_case(url, kHttps);
}

// Where a URL of ours begins behind a blank; npos if none does.
std::size_t url_behind_blank(std::string_view text) noexcept {
  for (auto blank = text.find(' '); blank != text.npos; blank = text.find(' ', blank + 1)) {
    if (begins_as_ours(text.substr(blank + 1))) return blank;
  }
  return text.npos;
}

// A blank may be meant as a part of the URL, but what stands in lists is often more than a URL.
Error blank_in(std::string_view url) {
  const auto behind = url.substr(url.find(' '));
  const bool has_another = begins_as_ours(url)
                               ? url_behind_blank(url) != url.npos
                               : behind.find(kHttp) != behind.npos || behind.find(kHttps) != behind.npos ||
                                     url_behind_blank(url) != url.npos;
  if (has_another) {
    return Error(Errc::bad_url, begins_as_ours(url)
                                    ? "another URL stands behind the URL; each has to stand alone"
                                    : kNotAlone);
  }
  if (url.find(" #") != url.npos) {
    return Error(Errc::bad_url, "a comment stands behind the URL, which has to stand alone");
  }
  return Error(Errc::bad_url, "the URL holds a blank; write it as %20");
}

// "http//host" names a host called http, and so does "http://http://host".
Status check_slips(std::string_view url, const Url::Places& places) {
  const auto host = url.substr(places.host, places.port - places.host);
  const auto path = url.substr(places.path);
  const auto word = host.substr(0, host.find_last_not_of(";,.:") + 1);
  const bool is_scheme = path.starts_with("//") && is_ours(word);
  if (!places.has_scheme() && is_scheme)
    return Error(Errc::bad_url, "\":\" is missing behind \"" + std::string(word) + "\"");
  if (is_scheme && places.port + 1 == places.path) return Error(Errc::bad_url, "the URL has two schemes");
  if (!places.has_scheme() && url.starts_with("//"))
    return Error(Errc::bad_url, "a scheme is missing before \"//\"");
  if (!places.has_scheme() && text::starts_with_ignoring_case(host, "http") &&
      text::to_lower(host).find("%3a%2f%2f") != host.npos)
    return Error(Errc::bad_url, "the URL is percent-encoded as a whole");
  if (!host.empty() && host.find_first_not_of('.') == host.npos)
    return Error(Errc::bad_url, "the URL names no host");
  return std::nullopt;
}

Error unsupported(std::string_view scheme) {
  if (!scheme.empty() && has_ours_behind(scheme)) return Error(Errc::bad_url, kNotAlone);
  return Error(Errc::unsupported_scheme,
               "scheme \"" + std::string(scheme) + "\" is not supported; use http or https");
}

// Finds "%0a" and the like; libcurl would send such a name as an empty one.
bool has_encoded_control(std::string_view text) noexcept {
  for (std::size_t at = 0; at + 2 < text.size(); ++at) {
    if (const auto byte = text::percent_byte(text, at); byte && text::is_control(*byte)) return true;
  }
  return false;
}

Status check_scheme(std::string_view url, std::string_view scheme) {
  if (!scheme.empty()) return is_ours(scheme) ? Status() : unsupported(scheme);
  const auto bare = bare_scheme(url);
  if (bare.empty()) return std::nullopt;
  if (!is_ours(bare)) return unsupported(bare);
  return Error(Errc::bad_url, "\"//\" is missing behind \"" + std::string(bare) + ":\"");
}

Status check_host(std::string_view host) {
  if (host.starts_with('[') && !host.ends_with(']'))
    return Error(Errc::bad_url, "the IPv6 address has no closing bracket");
  if (host.empty()) return Error(Errc::bad_url, "the URL names no host");
  if (host.size() > kMaxHost) return Error(Errc::bad_url, "the host name is longer than 253 bytes");
  return std::nullopt;
}

// Takes what stands between the host and the path.
Status check_port(std::string_view port) {
  if (port.empty()) return std::nullopt;
  if (port.front() != ':')
    return Error(Errc::bad_url, "something stands between the IPv6 address and the path");
  port.remove_prefix(1);
  if (!port.empty() && (port.size() > 5 || !text::parse_number<std::uint16_t>(port))) {
    return Error(Errc::bad_url, "the port is not a number from 0 to 65535");
  }
  return std::nullopt;
}

Status check(std::string_view url, const Url::Places& places) {
  if (url.empty()) return Error(Errc::bad_url, "the URL is empty");
  if (url.size() > kMaxUrl) return Error(Errc::bad_url, "the URL is longer than 1 MiB");
  const auto forbidden = std::find_if(url.begin(), url.end(), [](unsigned char c) { return kForbidden[c]; });
  if (forbidden != url.end()) {
    // "javascript: f()" holds a blank, but is none to fetch whatever is made of that.
    const auto scheme = bare_scheme(url);
    if (!scheme.empty() && !is_ours(scheme) && url_behind_blank(url) == url.npos) return unsupported(scheme);
    if (*forbidden == ' ') return blank_in(url);
    return Error(Errc::bad_url, "the URL holds a control character");
  }
  if (!places.is_usual) {
    if (url.starts_with("://")) return Error(Errc::bad_url, "a scheme is missing before \"://\"");
    if (Status wrong = check_scheme(url, places.scheme(url))) return wrong;
    if (Status wrong = check_slips(url, places)) return wrong;
    if (has_encoded_control(url.substr(places.authority, places.host - places.authority)))
      return Error(Errc::bad_url, "the user or password in the URL holds a control character");
  }
  if (Status wrong = check_host(url.substr(places.host, places.port - places.host))) return wrong;
  return check_port(url.substr(places.port, places.path - places.port));
}

}  // namespace

Url::Places Url::split(std::string_view text) noexcept {
  Places places;
  places.is_ascii = text::is_ascii(text);
  text = text.substr(0, std::numeric_limits<std::uint32_t>::max());
  find_scheme(text, places);
  find_host(text, places);
  return places;
}

void Url::look() {
  places_ = split(text_);
  origin_.clear();
  if (places_.is_usual) return;
  origin_ = is_https() ? kHttps : kHttp;
  for (const char c : host_port()) origin_ += text::to_lower(c);
  if (places_.port == places_.path) origin_ += ':';
  if (places_.port + 1 >= places_.path) origin_ += is_https() ? "443" : "80";
}

Status check_url(const Url& url) { return check(url.text(), url.places()); }
Status check_url(std::string_view url) { return check(url, Url::split(url)); }

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

std::string origin_of(std::string_view url) { return std::string(Url(std::string(url)).origin()); }

std::string without_userinfo(std::string_view url) {
  const Url::Places places = Url::split(url);
  return std::string(url.substr(0, places.authority)).append(url.substr(places.host));
}

std::string with_scheme(std::string_view url) {
  std::string whole(Url::split(url).has_scheme() ? "" : "http://");
  return whole.append(url);
}

Url sent_url(const Url& url) {
  const std::string_view rest = url.rest();
  const bool is_plain = url.is_ascii() || text::is_ascii(rest);
  if (is_plain && url.has_scheme() && !url.has_userinfo()) return url;
  std::string sent(url.scheme());
  sent += url.has_scheme() ? "://" : "http://";
  sent += url.host_port();
  for (const char c : rest) {
    if (static_cast<unsigned char>(c) < 0x80) {
      sent += c;
    } else {
      text::append_percent_encoded(sent, c);
    }
  }
  return Url(std::move(sent));
}

}  // namespace leat::http
