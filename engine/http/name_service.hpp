#pragma once

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

/// What is to be put into libcurl's cache of names before a transfer starts.
struct Injection {
  Injection() = default;

  std::string entry;  // for CURLOPT_RESOLVE; empty: nothing is to be done
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
/// of a family; `failed` turns to the next ones. Names that libcurl rewrites before it looks (not ASCII,
/// percent-encoded) and every name behind a proxy are left to it. Loop thread only.
class NameService {
 public:
  NameService(async::EventLoop& loop, NameOptions options);

  /// What to inject for the origin ("scheme://host:port"): nothing where libcurl has the answer already or
  /// the host is an address. dns_failed, dns_timeout after `limit`.
  async::Task<Result<Injection>> prepare(std::string origin, async::Duration limit);

  /// True if `prepare` would have nothing to inject now: the hot path needs no task then.
  [[nodiscard]] bool is_known(const std::string& origin);

  /// A transfer that carries it is being started.
  void injected(const std::string& origin, const Injection& injection);

  /// No connection came about: the next injection names the host's next addresses.
  void failed(const std::string& origin);

 private:
  struct Injected {
    std::uint64_t generation = 0;
    std::size_t rotation = 0;
    bool stale = false;
  };
  [[nodiscard]] bool is_ours(std::string_view host) const;
  [[nodiscard]] const std::string* pinned(std::string_view origin) const;

  Resolver resolver_;
  std::vector<std::string> pinned_;
  std::unordered_map<std::string, Injected> injected_;  // by origin
  bool proxied_;
};

}  // namespace leat::http
