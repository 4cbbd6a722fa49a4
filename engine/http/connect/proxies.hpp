#pragma once

#include <string>
#include <string_view>

#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// A proxy and, apart from it, its credentials, so that no error of libcurl can show them.
struct Proxy {
  std::string url;      // "scheme://host:port"; empty if there is none
  std::string userpwd;  // "user:password", percent-encoded
  /// Gives "http://host:port" of the proxy itself; if no port is given, it is the one that libcurl uses.
  [[nodiscard]] std::string origin() const;
  bool operator==(const Proxy&) const = default;
  /// Says whether it is a SOCKS proxy that is given names and not addresses.
  [[nodiscard]] bool looks_names_up() const noexcept {
    return url.starts_with("socks5h:") || url.starts_with("socks4a:");
  }
};

/// Reads "[scheme://][user:password@]host[:port]"; an empty text gives no proxy. The error is bad_input for a
/// scheme other than http, https, socks4, socks4a, socks5 and socks5h. Its message shows nothing of what
/// stands before an '@'.
[[nodiscard]] Result<Proxy> parse_proxy(std::string_view text);

/// Says which proxy an origin is reached through: the one that is given, or, as with curl, what http_proxy,
/// https_proxy (HTTPS_PROXY) and all_proxy (ALL_PROXY) say; so also for NO_PROXY. The variables are read
/// once. HTTP_PROXY is not read, because a CGI's client can set it. Immutable.
class Proxies {
 public:
  explicit Proxies(const WireOptions& options);

  /// Gives bad_input, which names the variable or the option.
  [[nodiscard]] static Status check(const WireOptions& options);

  [[nodiscard]] bool any() const noexcept { return !http_.url.empty() || !https_.url.empty(); }
  /// Gives the proxy through which "scheme://host:port" is reached; its URL is empty if there is none.
  [[nodiscard]] const Proxy& of(std::string_view origin) const noexcept;
  [[nodiscard]] bool lead_to(std::string_view origin) const noexcept { return !of(origin).url.empty(); }
  /// Gives the hosts that need no proxy, as CURLOPT_NOPROXY takes them.
  [[nodiscard]] const std::string& except() const noexcept { return except_; }

 private:
  Proxy http_;
  Proxy https_;
  Proxy none_;
  std::string except_;
};

}  // namespace leat::http
