#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/fixed_addresses.hpp"
#include "engine/http/resolver.hpp"
#include "engine/http/wire_options.hpp"

namespace leat::http {

/// A name's addresses as CURLOPT_RESOLVE takes them.
struct Injection {
  Injection() = default;

  std::string entry;  // empty: none is needed
  std::uint64_t generation = 0;
};

/// How a NameService finds addresses.
struct NameOptions {
  NameOptions() = default;

  Lookup lookup;                                  // empty: the system's
  async::Duration ttl{std::chrono::seconds(60)};  // looked up again after it
  FixedAddresses fixed;                           // never looked up
  WireOptions::Ip ip = WireOptions::Ip::any;      // the family that counts
  bool elsewhere = false;                         // all names are libcurl's: see WireSettings
};

/// Sees to it that libcurl never has to resolve a name: looks it up with the Resolver and says what to
/// inject.
///
/// One address of each family is injected, since 7.88 waits out the connect time-out at a dead first address
/// of a family; `failed` turns to the next ones. Each shard is told by itself, because each multi handle has
/// a cache of its own: one that they shared would be searched linearly, since libcurl gives it 23 buckets for
/// however many hosts. Names that libcurl rewrites before it looks (not ASCII, percent-encoded) and every
/// name behind a proxy are left to it. A user's own addresses come first. Loop thread only.
class NameService {
 public:
  static constexpr std::size_t kMostShards = 64;

  NameService(async::EventLoop& loop, NameOptions options);

  /// Looks up the host of the origin ("scheme://host:port"): what `inject` is to be given then. dns_failed,
  /// dns_timeout after `limit`.
  async::Task<Result<Injection>> prepare(std::string origin, async::Duration limit);

  /// True if there is nothing to `prepare`: the hot path needs no task then.
  [[nodiscard]] bool is_known(const std::string& origin);

  /// For CURLOPT_RESOLVE of a transfer that starts now in that shard; empty if the shard's libcurl has the
  /// answer already, or the host is an address. `prepared` is what `prepare` gave, or nothing.
  [[nodiscard]] std::string inject(const std::string& origin, std::size_t shard, Injection prepared);

  /// No connection came about: the next injection names the host's next addresses.
  void failed(const std::string& origin);

 private:
  struct Injected {
    Injection what;
    std::uint64_t shards = 0;  // that have it, a bit each
    std::size_t rotation = 0;
    bool stale = false;
  };
  [[nodiscard]] bool is_ours(std::string_view host) const;
  [[nodiscard]] const Addresses* fixed(std::string_view origin) const;
  [[nodiscard]] Result<Injection> injection(const std::string& origin, const Addresses& addresses) const;
  void sweep();

  Resolver resolver_;
  FixedAddresses fixed_;
  WireOptions::Ip ip_;
  bool elsewhere_;
  std::unordered_map<std::string, Injected> injected_;  // by origin
  std::size_t sweep_at_;
};

}  // namespace leat::http
