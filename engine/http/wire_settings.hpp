#pragma once

#include <string>
#include <string_view>

#include "engine/http/connect/connect_to.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/failure/curl_error.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// The WireOptions in the form in which libcurl takes them. Made once for a Client; outlives its handles.
/// Loop thread only.
class WireSettings {
 public:
  explicit WireSettings(const WireOptions& options);

  /// Sets what all requests share on a new handle, which has its share already.
  void attach(EasyHandle& handle) const;
  /// Sets the proxy on a handle that goes to that origin next. `current` is what the handle has; it is null
  /// if it has none yet.
  void attach_proxy(EasyHandle& handle, std::string_view origin, const Proxy*& current) const;
  /// Sets what belongs to the user alone (cookies of -b and a certificate) for a server that may see it; else
  /// removes it.
  void attach_own(EasyHandle& handle, bool own) const;

  /// Adds what is known about the proxy's part in a transfer that failed; `context` has libcurl's text
  /// already.
  void describe_proxy(const Proxy* current, FailureContext& context) const;

  [[nodiscard]] bool has_proxies() const noexcept { return proxies_.any(); }
  [[nodiscard]] bool has_own() const noexcept {
    return !own_cookies_.empty() || !cert_.empty() || !options_.key.empty();
  }
  /// Says whether the user gave the request's target (--request-target).
  [[nodiscard]] bool has_target() const noexcept { return has_target_; }
  /// Says whether libcurl may send a request again, over the same handle, because the first answer asked who
  /// is there: then a head may come after a whole one.
  [[nodiscard]] bool negotiates() const noexcept { return negotiates_; }
  /// Gives the origin ("scheme://host:port") of the host that is connected to in place of this origin's: a
  /// proxy, or the host that --connect-to names. It is empty if there is none.
  [[nodiscard]] std::string peer_of(std::string_view origin) const;

 private:
  const WireOptions& options_;
  Proxies proxies_;
  ConnectTo connect_to_hosts_;
  Slist connect_to_;
  Slist proxy_headers_;
  bool negotiates_ = false;
  bool has_target_ = false;
  std::string own_cookies_;
  std::string cert_;
  std::string cert_password_;
};

}  // namespace leat::http
