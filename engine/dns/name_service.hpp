#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/dns/address_health.hpp"
#include "engine/dns/fixed_addresses.hpp"
#include "engine/dns/resolver.hpp"
#include "engine/http/message/wire_options.hpp"
#include "engine/text/text_map.hpp"

namespace leat::http {

/// A name's addresses, in the order in which they are to be tried if none of them failed lately.
struct Injection {
  Injection() = default;

  std::vector<std::string> addresses;  // IPv6 in brackets; empty if there is nothing to inject
  std::uint64_t generation = 0;
};

/// What a transfer is told about a name.
struct Told {
  Told() = default;

  // For CURLOPT_RESOLVE; empty if this shard's libcurl has the answer already.
  std::vector<std::string> entries;
  // How many the name has, told or not; 0 if libcurl looks it up itself or the host is an address.
  std::size_t addresses = 0;
};

/// How a NameService finds addresses.
struct NameOptions {
  NameOptions() = default;

  Lookup lookup;                                  // empty: the system's
  async::Duration ttl{std::chrono::seconds(60)};  // after this a name is looked up again
  FixedAddresses fixed;                           // never looked up
  WireOptions::Ip ip = WireOptions::Ip::any;      // the only family to be used, if not `any`
  bool elsewhere = false;  // true if names don't matter because a Unix socket is connected to
  // If given, connections are spread over all addresses that work, beginning with this one; else the first
  // address that works gets them all.
  std::optional<std::size_t> spread;
};

/// Sees to it that libcurl never has to resolve a name and that it tries a name's best address first. It
/// looks names up with the Resolver and says what to inject.
///
/// The addresses of a name have an order, with the families in turn; those that gave no connection lately
/// come last (AddressHealth), whichever transfer found that out. A transfer is told the first address of each
/// family, and asks again if they fail (ConnectAttempts says why). Each shard is told separately, because
/// each multi handle has a cache of its own: libcurl gives a cache 23 buckets however many hosts there are,
/// so a shared one would be searched linearly. A transfer that is going to connect always brings the
/// addresses along, so that the order is the one of that moment.
///
/// libcurl looks up by itself the names that it rewrites first (those that are not ASCII or that are
/// percent-encoded). A user's own addresses come first, then localhost, which is the machine itself. Loop
/// thread only.
class NameService {
 public:
  static constexpr std::size_t kMostShards = 64;

  NameService(async::EventLoop& loop, NameOptions options);

  /// Looks up the host that is connected to for the origin ("scheme://host:port"), and gives what `inject`
  /// then needs. Errors: dns_failed, or dns_timeout after `limit`. dns_failed is retryable if the look-up
  /// failed only for the moment, not if the name does not exist or has no address of the wanted family.
  async::Task<Result<Injection>> prepare(std::string origin, async::Duration limit);

  /// Says whether there is nothing to `prepare`. Then the hot path needs no task.
  [[nodiscard]] bool is_known(std::string_view origin);

  /// Says what to tell a transfer that starts now in that shard. `prepared` is what `prepare` gave, or
  /// nothing. `connects` says that the transfer will hardly find a connection to use.
  [[nodiscard]] Told inject(std::string_view origin, std::size_t shard, Injection prepared, bool connects);

  /// Adds the addresses that a user gave for the host of an origin that is not connected to: with a SOCKS
  /// proxy libcurl may look that host up, too.
  void add_fixed(std::string_view origin, Told& told) const;

  /// Reports that a transfer tried to connect to these addresses, given as text without brackets. `used` is
  /// the one that took the connection and may be empty. The others are put last for a while.
  void tried(std::string_view origin, const std::vector<std::string>& addresses, const std::string& used);

 private:
  struct Injected {
    Injection what;
    std::string entry;          // the first ones of `what`, in the order of `version`
    std::uint64_t version = 0;  // health_'s at that time
    std::size_t working = 0;    // how many addresses at the front did not fail lately
    std::uint64_t shards = 0;   // the shards that have it, one bit each
    std::size_t turn = 0;       // counts whose turn it is among those that work
  };
  [[nodiscard]] bool is_ours(std::string_view host) const;
  [[nodiscard]] bool is_other_family(std::string_view address) const;
  [[nodiscard]] const Addresses* fixed(std::string_view origin) const;
  [[nodiscard]] Result<Injection> injection(std::string_view origin, const Addresses& addresses) const;
  [[nodiscard]] std::vector<std::string> in_order(std::string_view origin, Injected& injected);
  void refresh(std::string_view origin, Injected& injected, bool connects);
  void sweep();

  async::EventLoop& loop_;
  Resolver resolver_;
  AddressHealth health_;
  FixedAddresses fixed_;
  WireOptions::Ip ip_;
  bool elsewhere_;
  std::optional<std::size_t> spread_;
  text::TextMap<Injected> injected_;  // by origin
  std::size_t sweep_at_;
};

}  // namespace leat::http
