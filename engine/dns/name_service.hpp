#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/dns/address_health.hpp"
#include "engine/dns/fixed_addresses.hpp"
#include "engine/dns/resolver.hpp"
#include "engine/http/message/wire_options.hpp"

namespace leat::http {

/// A name's addresses, in the order in which they are to be tried if none of them failed lately.
struct Injection {
  Injection() = default;

  std::vector<std::string> addresses;  // IPv6 in brackets; empty: there is nothing to inject
  std::uint64_t generation = 0;
};

/// What a transfer is told about a name.
struct Told {
  Told() = default;

  std::vector<std::string> entries;  // for CURLOPT_RESOLVE; none: its libcurl has the answer already
  std::size_t addresses = 0;         // of the name, told or not; 0: it is libcurl's, or an address
};

/// How a NameService finds addresses.
struct NameOptions {
  NameOptions() = default;

  Lookup lookup;                                  // empty: the system's
  async::Duration ttl{std::chrono::seconds(60)};  // looked up again after it
  FixedAddresses fixed;                           // never looked up
  WireOptions::Ip ip = WireOptions::Ip::any;      // the family that counts
  bool elsewhere = false;                         // no name counts: a Unix socket is connected to
  // Connections are spread over all addresses that work, from this one on; nothing: the first of them has
  // all.
  std::optional<std::size_t> spread;
};

/// Sees to it that libcurl never has to resolve a name, and connects to its best address first: looks it up
/// with the Resolver and says what to inject.
///
/// The addresses of a name have an order, the families in turn; those that gave no connection lately come
/// last (AddressHealth), whichever transfer found that out. A transfer is told the first one of each family,
/// and asks again if they fail (ConnectAttempts says why). Each shard is told by itself, because each multi
/// handle has a cache of its own: one that they shared would be searched linearly, since libcurl gives it 23
/// buckets for however many hosts. A transfer that is going to connect always brings the addresses along, so
/// that the order is that of the moment. Names that libcurl rewrites before it looks (not ASCII,
/// percent-encoded) are left to it. A user's own addresses come first, then localhost, which is the machine
/// itself. Loop thread only.
class NameService {
 public:
  static constexpr std::size_t kMostShards = 64;

  NameService(async::EventLoop& loop, NameOptions options);

  /// Looks up the host of the origin ("scheme://host:port") that is connected to: what `inject` is to be
  /// given then. dns_failed, dns_timeout after `limit`. dns_failed is retryable if the look-up failed for the
  /// moment only, not if the name does not exist or has no address of the family that is asked for.
  async::Task<Result<Injection>> prepare(std::string origin, async::Duration limit);

  /// True if there is nothing to `prepare`: the hot path needs no task then.
  [[nodiscard]] bool is_known(const std::string& origin);

  /// For a transfer that starts now in that shard. `prepared` is what `prepare` gave, or nothing; `connects`:
  /// the transfer will hardly find a connection to use.
  [[nodiscard]] Told inject(const std::string& origin, std::size_t shard, Injection prepared, bool connects);

  /// Adds the addresses that a user gave the host of an origin that is not connected to: a SOCKS proxy may
  /// have libcurl look that host up, too.
  void add_fixed(const std::string& origin, Told& told) const;

  /// A transfer tried to connect to these addresses, as text without brackets. `used` took the connection; it
  /// may be empty. The others are put last for a while.
  void tried(const std::string& origin, const std::vector<std::string>& addresses, const std::string& used);

 private:
  struct Injected {
    Injection what;
    std::string entry;          // the first of `what`, in the order of that version
    std::uint64_t version = 0;  // of health_
    std::size_t working = 0;    // addresses at the front that did not fail lately
    std::uint64_t shards = 0;   // that have it, a bit each
    std::size_t turn = 0;       // whose of them it is
  };
  [[nodiscard]] bool is_ours(std::string_view host) const;
  [[nodiscard]] bool is_other_family(std::string_view address) const;
  [[nodiscard]] const Addresses* fixed(std::string_view origin) const;
  [[nodiscard]] Result<Injection> injection(const std::string& origin, const Addresses& addresses) const;
  [[nodiscard]] std::vector<std::string> in_order(std::string_view origin, Injected& injected);
  void refresh(const std::string& origin, Injected& injected, bool connects);
  void sweep();

  async::EventLoop& loop_;
  Resolver resolver_;
  AddressHealth health_;
  FixedAddresses fixed_;
  WireOptions::Ip ip_;
  bool elsewhere_;
  std::optional<std::size_t> spread_;
  std::unordered_map<std::string, Injected> injected_;  // by origin
  std::size_t sweep_at_;
};

}  // namespace leat::http
