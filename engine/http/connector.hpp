#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/dns/name_service.hpp"
#include "engine/error.hpp"
#include "engine/http/tls/wire.hpp"

namespace leat::http {

/// How a Connector's connections are made.
struct ConnectorOptions {
  ConnectorOptions() = default;

  std::size_t at_once = 128;  // connections that are being made
  async::Duration timeout{std::chrono::seconds(10)};
  NameOptions names;
  bool insecure = false;  // -k
  std::string ca_file;    // empty: the system's
  std::string cert;       // as in WireOptions, as the next three are
  std::string key;
  std::string key_password;
  std::vector<std::string> connect_to;
  std::string unix_socket;  // a path; empty: TCP
  std::string proxy;        // proxy to tunnel through; empty: none
  bool resumes = true;      // TLS sessions, where servers allow it
  bool http2 = false;       // offers servers HTTP/2 before HTTP/1.1, by ALPN
};

/// How long the steps of one connection took; a step that did not take place has zero.
struct ConnectTimes {
  ConnectTimes() = default;

  async::Duration dns{0};
  async::Duration connect{0};
  async::Duration tls{0};
  bool resumed = false;  // TLS went on with an earlier connection's session
};

/// An address with its port, as it stands in a URL.
[[nodiscard]] std::string address_text(std::string_view ip, long port);

/// A connection, and what making it took.
struct Connected {
  Connected(Wire w, ConnectTimes t, std::string a, std::string p = "")
      : wire(std::move(w)), times(t), address(std::move(a)), protocol(std::move(p)) {}
  Wire wire;
  ConnectTimes times;
  std::string address;   // "127.0.0.1:80" or "[::1]:80", of a proxy if there is one; empty: a Unix socket's
  std::string protocol;  // what both sides have agreed on by ALPN, if HTTP/2 was offered; "h2"
};

/// Makes connections with libcurl (CURLOPT_CONNECT_ONLY), including names, proxies and TLS, for those who
/// speak a protocol of their own over them.
///
/// Names are looked up by a NameService. libcurl wants the handle of a connection that it encrypts to stay in
/// its multi handle, and looks it up there for every send and receive; so these are kept in small groups.
/// Loop thread only. Outlives the Wires.
class Connector {
 public:
  Connector(async::EventLoop& loop, ConnectorOptions options);
  Connector(const Connector&) = delete;
  Connector& operator=(const Connector&) = delete;
  ~Connector();

  /// Connects to the scheme, host and port of an absolute URL without userinfo. Cancellation ends it at once.
  async::Task<Result<Connected>> connect(std::string url);

 private:
  friend class ConnectHandle;
  friend struct ConnectHandleDeleter;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::http
