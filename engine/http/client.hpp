#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/dns/resolver.hpp"
#include "engine/error.hpp"
#include "engine/http/connect/byte_rate.hpp"
#include "engine/http/connect/connect_ramp.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/http/performer.hpp"

namespace leat::http {

class CookieJar;

/// What all requests of one Client share. Durations of zero mean no limit.
struct ClientOptions {
  ClientOptions() = default;

  std::size_t jobs = 32;   // how many transfers the caller will run at once: sizes connection caches
  std::size_t shards = 0;  // curl_multi instances; 0: as many as `jobs` needs
  async::Duration timeout{0};
  async::Duration connect_timeout{std::chrono::seconds(10)};
  async::Duration stall{std::chrono::seconds(30)};
  ConnectRampOptions ramp;
  int max_redirects = 10;
  std::uint64_t max_size = 0;     // decoded bytes of a body; 0: no limit
  std::uint64_t limit_rate = 0;   // bytes of bodies a second, all transfers together; 0: no limit
  bool location_trusted = false;  // credentials and user headers follow a redirect to another origin
  bool insecure = false;          // -k
  std::string user_agent;
  std::string userpwd;               // -u, "user:password"
  std::vector<std::string> headers;  // -H, for every request
  async::Duration dns_ttl{std::chrono::seconds(60)};
  bool fresh_connections = false;     // each request on a connection of its own
  std::optional<std::size_t> spread;  // of connections over a name's addresses: see NameOptions
  std::size_t streams = 0;  // HTTP/2 asked for by ALPN, and so many requests at once on a connection
  WireOptions wire;
};

/// What the Clients of several threads have in common; the default is for one that is alone.
struct ClientPeers {
  ClientPeers() = default;

  std::size_t clients = 1;         // how many share the process's descriptors
  std::shared_ptr<ByteRate> rate;  // the limit that they share; null: one of its own, of `limit_rate`
  Lookup lookup;                   // how names are looked up; empty: as the system does
  // Cookies that other Clients of this thread use, too. Null: no cookies are kept.
  std::shared_ptr<CookieJar> cookies;
};

/// How many Clients, each with an EventLoop of its own, the process has descriptors for: at least 1.
[[nodiscard]] std::size_t most_clients() noexcept;

/// Sends requests over kept-alive connections, on one EventLoop.
///
/// A request starts at once, but for connections, which ramp up: the cap is the caller's (a Semaphore), so
/// that nothing ever queues inside libcurl. Handles are pooled; transfers are spread over several curl_multi
/// instances, because libcurl's look-ups are linear in the connections of a host. Redirects are followed
/// here, not by libcurl, since it would send a user's own credential headers to another origin.
///
/// Loop thread only. Outlives its transfers; destroyed inside the loop's life.
class Client final : public Performer {
 public:
  Client(async::EventLoop& loop, ClientOptions options, ClientPeers peers = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() override;

  async::Task<Result<Response>> perform(const Request& request, BodySink& sink) override;

  [[nodiscard]] const ClientOptions& options() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::http
