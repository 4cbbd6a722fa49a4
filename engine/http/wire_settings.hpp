#pragma once

#include <string>
#include <string_view>

#include "engine/http/easy_handle.hpp"
#include "engine/http/proxies.hpp"
#include "engine/http/wire_options.hpp"

namespace leat::http {

/// WireOptions as libcurl takes them. Made once for a Client; outlives its handles. Loop thread only.
class WireSettings {
 public:
  explicit WireSettings(const WireOptions& options);

  /// To a new handle, which has its share: what all requests share.
  void attach(EasyHandle& handle) const;
  /// To a handle that goes to that URL next: its proxy. `current` is what the handle has; null: nothing yet.
  void attach_proxy(EasyHandle& handle, std::string_view url, const Proxy*& current) const;
  /// The user's own cookies, for a server that may see them; else none.
  void attach_cookies(EasyHandle& handle, bool own) const;

  [[nodiscard]] bool has_proxies() const noexcept { return proxies_.any(); }
  [[nodiscard]] bool has_own_cookies() const noexcept { return !own_cookies_.empty(); }
  /// Names are libcurl's to look up, or nobody's: behind a proxy, in a Unix socket, where others are meant.
  [[nodiscard]] bool names_are_elsewhere() const noexcept {
    return has_proxies() || !options_.unix_socket.empty() || !options_.connect_to.empty();
  }

 private:
  const WireOptions& options_;
  Proxies proxies_;
  Slist connect_to_;
  std::string own_cookies_;
  std::string cert_;
  std::string cert_password_;
};

}  // namespace leat::http
