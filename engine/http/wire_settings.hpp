#pragma once

#include <string>
#include <string_view>

#include "engine/http/connect/connect_to.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/failure/curl_error.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// WireOptions as libcurl takes them. Made once for a Client; outlives its handles. Loop thread only.
class WireSettings {
 public:
  explicit WireSettings(const WireOptions& options);

  /// Sets on a new handle, which has its share already, what all requests have in common.
  void attach(EasyHandle& handle) const;
  /// Sets the proxy on a handle that goes to that URL next. `current` is what it has; null: nothing yet.
  void attach_proxy(EasyHandle& handle, std::string_view url, const Proxy*& current) const;
  /// What belongs to the user alone, cookies of -b and a certificate, for a server that may see it; else
  /// none.
  void attach_own(EasyHandle& handle, bool own) const;

  /// Adds what is known about the proxy's part in a failed transfer; `context` has its text already.
  void describe_proxy(const Proxy* current, FailureContext& context) const;

  [[nodiscard]] bool has_proxies() const noexcept { return proxies_.any(); }
  [[nodiscard]] bool has_own() const noexcept {
    return !own_cookies_.empty() || !cert_.empty() || !options_.key.empty();
  }
  /// The origin ("scheme://host:port") whose host is connected to in place of that one's: a proxy's, or what
  /// --connect-to names. Empty: none is.
  [[nodiscard]] std::string peer_of(const std::string& origin) const;

 private:
  [[nodiscard]] const Proxy& proxy_of(std::string_view url) const;

  const WireOptions& options_;
  Proxies proxies_;
  Proxy no_proxy_;
  ConnectTo connect_to_hosts_;
  Slist connect_to_;
  std::string own_cookies_;
  std::string cert_;
  std::string cert_password_;
};

}  // namespace leat::http
