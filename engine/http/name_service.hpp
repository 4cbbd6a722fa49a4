#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/resolver.hpp"

namespace leat::http {

/// Whether the environment names a proxy for some scheme, as libcurl reads it.
[[nodiscard]] bool environment_names_proxy() noexcept;

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
  std::vector<std::string> pinned;                // "host:port:address[,address]…", never looked up
};

/// bad_input unless it is "host:port:address[,address]…", as curl's --resolve takes it.
[[nodiscard]] Status check_pinned(std::string_view entry);

/// Sees to it that libcurl never has to resolve a name: looks it up with the Resolver and says what to
/// inject.
///
/// One address of each family is injected, since 7.88 waits out the connect time-out at a dead first address
/// of a family; `failed` turns to the next ones. Each shard is told by itself, because each multi handle has
/// a cache of its own: one that they shared would be searched linearly, since libcurl gives it 23 buckets for
/// however many hosts. Names that libcurl rewrites before it looks (not ASCII, percent-encoded) and every
/// name behind a proxy are left to it. Loop thread only.
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
  [[nodiscard]] const std::string* pinned(std::string_view origin) const;
  void sweep();

  Resolver resolver_;
  std::vector<std::string> pinned_;
  std::unordered_map<std::string, Injected> injected_;  // by origin
  std::size_t sweep_at_;
  bool proxied_;
};

}  // namespace leat::http
