#pragma once

#include <string>
#include <string_view>

#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// A proxy, its credentials apart, so that no error of libcurl's can show them.
struct Proxy {
  std::string url;      // "scheme://host:port"; empty: none
  std::string userpwd;  // "user:password", percent-encoded
  /// "http://host:port" of the proxy itself, the port being libcurl's where none is given.
  [[nodiscard]] std::string origin() const;
  bool operator==(const Proxy&) const = default;
  /// Whether it is a SOCKS proxy that is given names, not addresses.
  [[nodiscard]] bool looks_names_up() const noexcept {
    return url.starts_with("socks5h:") || url.starts_with("socks4a:");
  }
};

/// "[scheme://][user:password@]host[:port]"; bad_input for a scheme other than http, https, socks4, socks4a,
/// socks5 and socks5h. Empty: none. The message shows nothing of what stands before an '@'.
[[nodiscard]] Result<Proxy> parse_proxy(std::string_view text);

/// Which proxy a URL goes through: the one that is given, or, as curl has it, what http_proxy, https_proxy
/// (HTTPS_PROXY) and all_proxy (ALL_PROXY) say, read once; NO_PROXY likewise. HTTP_PROXY is not read, since a
/// CGI's client can set it. Immutable.
class Proxies {
 public:
  explicit Proxies(const WireOptions& options);

  /// bad_input that names the variable or the option.
  [[nodiscard]] static Status check(const WireOptions& options);

  [[nodiscard]] bool any() const noexcept { return !http_.url.empty() || !https_.url.empty(); }
  [[nodiscard]] const Proxy& of(std::string_view url) const noexcept;
  /// Whether "scheme://host:port" is reached through one.
  [[nodiscard]] bool lead_to(std::string_view origin) const noexcept;
  /// Hosts that need none, as CURLOPT_NOPROXY takes them.
  [[nodiscard]] const std::string& except() const noexcept { return except_; }

 private:
  Proxy http_;
  Proxy https_;
  std::string except_;
};

}  // namespace leat::http
