#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// What is tried again, how often and for how long.
struct RetryOptions {
  RetryOptions() = default;

  int retries = 3;
  async::Duration max_time{std::chrono::minutes(10)};  // from the first attempt to the start of the last
  async::Duration first_delay{std::chrono::milliseconds(500)};
  async::Duration longest_delay{std::chrono::seconds(60)};
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

/// Whether and when to try again: exponential backoff with full jitter, and Retry-After obeyed as the minimum
/// (RFC 9110 section 10.2.3). A method that is not idempotent is tried again only if nothing can have been
/// sent. Loop thread only.
class RetryPolicy {
 public:
  /// `seed`: of the jitter, so that tests know it.
  explicit RetryPolicy(RetryOptions options, std::uint64_t seed = std::random_device{}())
      : options_(options), random_(seed) {}

  /// How long to wait before the next attempt; nothing: this was the last.
  [[nodiscard]] std::optional<async::Duration> next(const FailedAttempt& failed);

 private:
  async::Duration backoff(int retries_so_far);

  RetryOptions options_;
  std::mt19937_64 random_;
};

/// 408, 425, 429, 500, 502, 503, 504.
[[nodiscard]] bool is_retryable_status(int status) noexcept;

/// GET HEAD PUT DELETE OPTIONS TRACE.
[[nodiscard]] bool is_idempotent(std::string_view method) noexcept;

/// What a Retry-After field asks for, a number of seconds or a date; zero for one in the past; nothing if it
/// can't be read.
[[nodiscard]] std::optional<async::Duration> parse_retry_after(std::string_view value,
                                                               std::chrono::system_clock::time_point now);

}  // namespace leat::http
