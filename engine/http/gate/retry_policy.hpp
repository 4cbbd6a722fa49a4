#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/http/gate/retry_on.hpp"

namespace leat::http {

/// What is tried again, how often and for how long.
struct RetryOptions {
  RetryOptions() = default;

  int retries = 3;
  /// From the first attempt to the start of the last one; 0 means no limit.
  async::Duration max_time{std::chrono::minutes(10)};
  async::Duration first_delay{std::chrono::seconds(1)};
  async::Duration longest_delay{std::chrono::seconds(60)};
  RetryOn on;
};

/// One attempt that failed, and what happened before it.
struct FailedAttempt {
  std::string_view method;
  int retries_so_far = 0;
  async::Duration elapsed{0};    // since the start of the first attempt
  const Error* error = nullptr;  // null if a response came
  int status = 0;                // status of that response
  std::string_view retry_after;  // that field of the response; empty if none
  std::chrono::system_clock::time_point now{};
};

/// Decides whether and when to try again. The pauses double from 1 s, as curl's do, and are up to a quarter
/// longer by chance; a Retry-After is obeyed as the minimum (RFC 9110 section 10.2.3). A method that is not
/// idempotent is tried again only if the request cannot have been carried out: if nothing can have been sent,
/// for 429, and for 503 with a Retry-After (RFC 6585 section 4). Loop thread only.
class RetryPolicy {
 public:
  /// `seed` decides the random part of the pauses, so that tests can know it.
  explicit RetryPolicy(RetryOptions options, std::uint64_t seed = std::random_device{}())
      : options_(options), random_(seed) {}

  /// Says how long to wait before the next attempt; gives nothing if this was the last.
  [[nodiscard]] std::optional<async::Duration> next(const FailedAttempt& failed);

  /// Says whether another attempt may change this status, whatever the method.
  [[nodiscard]] bool is_retryable(int status) const noexcept;

 private:
  [[nodiscard]] bool may_help(const FailedAttempt& failed) const noexcept;
  async::Duration backoff(int retries_so_far);

  RetryOptions options_;
  std::mt19937_64 random_;
};

/// These are 408, 429, 500, 502, 503, 504, 520 to 524, 529 and 530: the statuses of RFC 9110 that may pass,
/// and those that the large content networks answer when a server behind them is away.
[[nodiscard]] bool is_retryable_status(int status) noexcept;

/// These are GET, HEAD, PUT, DELETE, OPTIONS and TRACE.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// Reads a Retry-After field, which is a number of seconds or a date. Gives zero for a date in the past, and
/// nothing if the field can't be read. Some servers send a fraction of a second; it is rounded up.
[[nodiscard]] std::optional<async::Duration> parse_retry_after(std::string_view value,
                                                               std::chrono::system_clock::time_point now);

}  // namespace leat::http
