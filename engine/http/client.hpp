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
struct Traffic;

/// What all requests of one Client share. A duration of zero means no limit.
struct ClientOptions {
  ClientOptions() = default;

  // How many transfers the caller will run at once; the caches of connections are sized by it.
  std::size_t jobs = 32;
  std::size_t shards = 0;  // curl_multi handles; 0: as many as `jobs` needs
  async::Duration timeout{0};
  async::Duration connect_timeout{std::chrono::seconds(10)};
  async::Duration stall{std::chrono::seconds(30)};
  ConnectRampOptions ramp;
  int max_redirects = 10;
  std::uint64_t max_size = 0;     // decoded bytes of a body; 0 means no limit
  std::uint64_t limit_rate = 0;   // bytes of bodies in a second, all transfers together; 0 means no limit
  bool location_trusted = false;  // credentials and user headers go even to an origin that a server named
  std::vector<std::string> trusted_origins;  // they go to these as well, whoever named them: see origin_of
  bool insecure = false;                     // -k
  std::string user_agent;
  std::string userpwd;               // -u, "user:password"
  std::vector<std::string> headers;  // -H, for every request
  async::Duration dns_ttl{std::chrono::seconds(60)};
  bool fresh_connections = false;     // each request gets a connection of its own
  std::optional<std::size_t> spread;  // connections are spread over a name's addresses: see NameOptions
  // If not 0, HTTP/2 is asked for by ALPN, and so many requests run at once on a connection.
  std::size_t streams = 0;
  WireOptions wire;
};

/// What the Clients of several threads share; the default is for a Client that is alone.
struct ClientPeers {
  ClientPeers() = default;

  std::size_t clients = 1;         // how many share the process's descriptors
  std::shared_ptr<ByteRate> rate;  // the rate that they keep together; null: its own, of `limit_rate`
  Lookup lookup;                   // how names are looked up; empty means as the system does
  // The jar that other Clients of this thread use, too; if it is null, no cookies are kept. Only for a Client
  // that has no peers on other threads.
  std::shared_ptr<CookieJar> cookies;
};

/// Gives how many Clients, each with an EventLoop of its own, the process has descriptors for; at least 1.
[[nodiscard]] std::size_t most_clients() noexcept;

/// Sends requests over kept-alive connections on one EventLoop.
///
/// A request starts at once, except that new connections ramp up. The cap on requests is the caller's (a
/// Semaphore), so that nothing ever queues inside libcurl. Handles are pooled. Transfers are spread over
/// several curl_multi handles, because libcurl's look-ups are linear in the connections of a host. Redirects
/// are followed here and not by libcurl, because it would send a user's own credential headers to another
/// origin.
///
/// Loop thread only. Outlives its transfers; must be destroyed before the loop.
class Client final : public Performer {
 public:
  Client(async::EventLoop& loop, ClientOptions options, ClientPeers peers = {});
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() override;

  async::Task<Result<Response>> perform(const Request& request, BodySink& sink) override;
  /// Does the same, and adds to `traffic` what went over the wire, whatever comes of the request.
  async::Task<Result<Response>> perform(const Request& request, BodySink& sink, Traffic& traffic);

  [[nodiscard]] const ClientOptions& options() const noexcept;

 private:
  async::Task<Result<Response>> perform_into(const Request& request, BodySink& sink, Traffic* wanted);

  struct Impl;
  class Hops;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::http
