#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// A host's addresses as text, in the system's order of preference. Two answers differ in `generation`; `age`
/// says how long ago the addresses were looked up.
struct Addresses {
  Addresses() = default;

  std::vector<std::string> v4;
  std::vector<std::string> v6;  // without brackets
  bool v4_first = false;        // says which family is preferred
  std::uint64_t generation = 0;
  async::Duration age{0};
  [[nodiscard]] bool empty() const noexcept { return v4.empty() && v6.empty(); }
};

/// Finds a name's addresses. It blocks, and is called on several threads at once.
using Lookup = std::function<Result<Addresses>(const std::string& host)>;

struct ResolverOptions {
  ResolverOptions() = default;

  std::size_t threads = 8;
  async::Duration ttl{std::chrono::seconds(60)};           // getaddrinfo doesn't give one
  async::Duration negative_ttl{std::chrono::seconds(10)};  // for a name that doesn't exist
  std::size_t capacity = 10'000;                           // number of names that are remembered
  Lookup lookup;                                           // runs on the threads; empty means system_lookup
};

/// Looks names up on a few threads of its own, each name only once at a time, and remembers the answers.
///
/// libcurl would start a thread for every transfer that resolves, even for the same name. Here all who ask
/// for a name that is being looked up wait for that one look-up. Answers are kept for `ttl`, the news that a
/// name doesn't exist for `negative_ttl`, and failures that may pass are not kept at all. Errors: dns_failed,
/// which is retryable unless the name does not exist, and dns_timeout after `limit`. Loop thread only.
/// Nothing waits for a thread that hangs in getaddrinfo: neither cancellation, nor the destructor, nor the
/// exit of the process.
class Resolver {
 public:
  Resolver(async::EventLoop& loop, ResolverOptions options);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  ~Resolver();

  /// Gives the answer without suspending if it is known and fresh, else null. It is valid until the next call
  /// of any member.
  [[nodiscard]] const Result<Addresses>* cached(std::string_view host);

  /// Waits for the addresses of a name, at most for `limit`; zero means as long as it takes.
  async::Task<Result<Addresses>> resolve(std::string host, async::Duration limit);

 private:
  struct Impl;
  std::shared_ptr<Impl> impl_;
};

/// Calls getaddrinfo for both families. Blocks. dns_failed is retryable unless the resolver said that the
/// name doesn't exist or has no address: any other failure says nothing about the name.
[[nodiscard]] Result<Addresses> system_lookup(const std::string& host);

/// Says whether a URL's host is an address already, either dotted or in brackets.
[[nodiscard]] bool is_address(std::string_view host) noexcept;

}  // namespace leat::http
