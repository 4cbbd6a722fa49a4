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
  /// From the first attempt to the start of the last; 0: any.
  async::Duration max_time{std::chrono::minutes(10)};
  async::Duration first_delay{std::chrono::seconds(1)};
  async::Duration longest_delay{std::chrono::seconds(60)};
  RetryOn on;
};

/// One attempt that failed, and what was done before it.
struct FailedAttempt {
  std::string_view method;
  int retries_so_far = 0;
  async::Duration elapsed{0};    // since the first attempt's start
  const Error* error = nullptr;  // null: a response came
  int status = 0;                // of that response
  std::string_view retry_after;  // that field of it; empty: none
  std::chrono::system_clock::time_point now{};
};

/// Whether and when to try again: after pauses that double from 1 s, as curl's do, and are up to a quarter
/// longer by chance; a Retry-After is obeyed as the minimum (RFC 9110 section 10.2.3). A method that is not
/// idempotent is tried again only if the request cannot have been carried out: where nothing can have been
/// sent, by 429, and by 503 with a Retry-After (RFC 6585 section 4). Loop thread only.
class RetryPolicy {
 public:
  /// `seed`: of the jitter, so that tests know it.
  explicit RetryPolicy(RetryOptions options, std::uint64_t seed = std::random_device{}())
      : options_(options), random_(seed) {}

  /// How long to wait before the next attempt; nothing: this was the last.
  [[nodiscard]] std::optional<async::Duration> next(const FailedAttempt& failed);

  /// Whether that status, of whatever method, is one that another attempt may change.
  [[nodiscard]] bool is_retryable(int status) const noexcept;

 private:
  [[nodiscard]] bool may_help(const FailedAttempt& failed) const noexcept;
  async::Duration backoff(int retries_so_far);

  RetryOptions options_;
  std::mt19937_64 random_;
};

/// 408, 429, 500, 502, 503, 504, 520 to 524, 529, 530: those of RFC 9110 that may pass, and what the large
/// content networks answer for a server behind them that is away.
[[nodiscard]] bool is_retryable_status(int status) noexcept;

/// GET HEAD PUT DELETE OPTIONS TRACE.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// What a Retry-After field asks for, a number of seconds or a date; zero for one in the past; nothing if it
/// can't be read. A fraction of a second, which some servers send, is rounded up.
[[nodiscard]] std::optional<async::Duration> parse_retry_after(std::string_view value,
                                                               std::chrono::system_clock::time_point now);

}  // namespace leat::http
