#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// A host's addresses as text, in the system's order of preference. `generation` differs between two answers;
/// `age` is how long ago they were looked up.
struct Addresses {
  Addresses() = default;

  std::vector<std::string> v4;
  std::vector<std::string> v6;  // without brackets
  bool v4_first = false;        // which family is preferred
  std::uint64_t generation = 0;
  async::Duration age{0};
  [[nodiscard]] bool empty() const noexcept { return v4.empty() && v6.empty(); }
};

/// Finds a name's addresses. Blocks; called on several threads at once.
using Lookup = std::function<Result<Addresses>(const std::string& host)>;

struct ResolverOptions {
  ResolverOptions() = default;

  std::size_t threads = 8;
  async::Duration ttl{std::chrono::seconds(60)};           // getaddrinfo tells none
  async::Duration negative_ttl{std::chrono::seconds(10)};  // of a name that doesn't exist
  std::size_t capacity = 10'000;                           // names remembered
  Lookup lookup;                                           // what a thread calls; empty: system_lookup
};

/// Looks names up on a few threads of its own, each name once at a time, and remembers the answers.
///
/// libcurl would start a thread for every transfer that resolves, even of one name. Here everybody who asks
/// for a name that is being looked up waits for that one look-up; answers are kept for `ttl`, a name that
/// does not exist for `negative_ttl`, failures that may pass not at all. Errors: dns_failed, retryable unless
/// the name does not exist, and dns_timeout after `limit`. Loop thread only. Nothing waits for a thread that
/// hangs in getaddrinfo: not cancellation, not the destructor, not the process's exit.
class Resolver {
 public:
  Resolver(async::EventLoop& loop, ResolverOptions options);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

  /// The answer if it is known and fresh, without suspending; null otherwise. Valid until the next call of
  /// any function.
  [[nodiscard]] const Result<Addresses>* cached(const std::string& host);

  /// Waits at most `limit` (zero: as long as it takes) for the addresses of a name.
  async::Task<Result<Addresses>> resolve(std::string host, async::Duration limit);

  [[nodiscard]] std::uint64_t lookups() const noexcept;

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// getaddrinfo, both families. Blocks. dns_failed is retryable unless the resolver said that there is no such
/// name, or none with an address: whatever else goes wrong says nothing of the name.
[[nodiscard]] Result<Addresses> system_lookup(const std::string& host);

/// Whether a URL's host is an address already: dotted, or in brackets.
[[nodiscard]] bool is_address(const std::string& host) noexcept;

}  // namespace leat::http
