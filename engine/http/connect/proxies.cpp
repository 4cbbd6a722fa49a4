#include "engine/http/connect/proxies.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "engine/http/connect/no_proxy.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

constexpr std::array<std::string_view, 6> kSchemes{"http", "https", "socks4", "socks4a", "socks5", "socks5h"};

struct Variable {
  const char* name = nullptr;
  std::string value;
};

// Gives the first variable that is set and not empty.
Variable first_of(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return {name, value};
  }
  return {};
}

Variable http_variable() { return first_of({"http_proxy", "all_proxy", "ALL_PROXY"}); }
Variable https_variable() { return first_of({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"}); }

Proxy parsed(std::string_view text) {
  auto proxy = parse_proxy(text);
  return proxy ? std::move(*proxy) : Proxy();
}

}  // namespace

Result<Proxy> parse_proxy(std::string_view text) {
  Proxy proxy;
  if (text.empty()) return proxy;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) <= ' ' || c == 0x7f) {
      return Error(Errc::bad_input, "it holds a blank or a control character");
    }
  }
  std::string scheme = "http";
  if (const auto end = text.find("://"); end != std::string_view::npos) {
    scheme = text::to_lower(text.substr(0, end));
    text.remove_prefix(end + 3);
    if (std::find(kSchemes.begin(), kSchemes.end(), scheme) == kSchemes.end()) {
      return Error(Errc::bad_input,
                   "its scheme is not one of http, https, socks4, socks4a, socks5 and socks5h");
    }
  }
  text = text.substr(0, text.find_first_of("/?#", std::min(text.rfind('@'), text.size())));
  if (const auto at = text.rfind('@'); at != std::string_view::npos) {
    proxy.userpwd = text.substr(0, at);
    text.remove_prefix(at + 1);
  }
  text = text.substr(0, text.find('/'));
  if (text.empty() || text.front() == ':') return Error(Errc::bad_input, "it names no host");
  if (!parse_url("http://" + std::string(text))) {
    return Error(Errc::bad_input, "its host and port can't be read");
  }
  proxy.url = scheme + "://" + std::string(text);
  return proxy;
}

std::string Proxy::origin() const {
  const auto host_at = url.find("://") + 3;
  std::string made = "http://" + text::to_lower(std::string_view(url).substr(host_at));
  const auto colon = made.rfind(':');
  const bool has_port = colon > made.rfind('/') && made.find(']', colon) == std::string::npos;
  if (!has_port) made += url.starts_with("https:") ? ":443" : ":1080";
  return made;
}

Status Proxies::check(const WireOptions& options) {
  if (options.proxy) {
    if (const auto proxy = parse_proxy(*options.proxy); !proxy) {
      return Error(Errc::bad_input, "\"proxy\" (not shown): " + proxy.error().message +
                                        "; takes [SCHEME://][USER:PASS@]HOST[:PORT]");
    }
    return std::nullopt;
  }
  for (const auto& variable : {http_variable(), https_variable()}) {
    if (const auto proxy = parse_proxy(variable.value); !proxy) {
      return Error(Errc::bad_input, "the environment's " + std::string(variable.name) +
                                        " (not shown) is no proxy: " + proxy.error().message);
    }
  }
  return std::nullopt;
}

Proxies::Proxies(const WireOptions& options)
    : http_(parsed(options.proxy ? *options.proxy : http_variable().value)),
      https_(parsed(options.proxy ? *options.proxy : https_variable().value)),
      except_(options.noproxy ? *options.noproxy : first_of({"no_proxy", "NO_PROXY"}).value) {
  if (options.proxy_user.empty()) return;
  for (Proxy* proxy : {&http_, &https_}) proxy->userpwd = options.proxy_user;
}

const Proxy& Proxies::of(std::string_view origin) const noexcept {
  const Proxy& proxy = origin.starts_with("https:") ? https_ : http_;
  if (proxy.url.empty() || except_.empty()) return proxy;
  const auto host = origin.substr(origin.find("://") + 3);
  return needs_no_proxy(host.substr(0, host.rfind(':')), except_) ? none_ : proxy;
}

}  // namespace leat::http
