#include "engine/http/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "engine/http/http_date.hpp"

namespace leat::http {

namespace {

using std::chrono::seconds;

constexpr seconds kLongest = std::chrono::hours(24 * 365);  // no absurd number overflows

bool came_before_sending(Errc code) noexcept {
  return code == Errc::dns_failed || code == Errc::dns_timeout || code == Errc::connect_refused ||
         code == Errc::connect_timeout || code == Errc::connect_failed;
}

bool may_help(const FailedAttempt& failed) noexcept {
  if (failed.error == nullptr) return is_idempotent(failed.method) && is_retryable_status(failed.status);
  if (!failed.error->retryable) return false;
  return is_idempotent(failed.method) || came_before_sending(failed.error->code);
}

}  // namespace

bool is_retryable_status(int status) noexcept {
  constexpr std::array kStatuses{408, 425, 429, 500, 502, 503, 504};
  return std::find(kStatuses.begin(), kStatuses.end(), status) != kStatuses.end();
}

bool is_idempotent(std::string_view method) noexcept {
  constexpr std::array<std::string_view, 6> kMethods{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

std::optional<async::Duration> parse_retry_after(std::string_view value,
                                                 std::chrono::system_clock::time_point now) {
  if (value.empty()) return std::nullopt;
  const bool negative = value.front() == '-';
  const auto digits = value.substr(negative ? 1 : 0);
  if (!digits.empty() && digits.find_first_not_of("0123456789") == std::string_view::npos) {
    if (negative) return async::Duration(0);
    std::int64_t number = kLongest.count();
    std::from_chars(digits.data(), digits.data() + digits.size(), number);  // too large: stays as it is
    return seconds(std::min(number, kLongest.count()));
  }
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  // In seconds, as the clock's own nanoseconds end in 2262.
  const auto wait = seconds(*date) - std::chrono::floor<seconds>(now.time_since_epoch());
  return std::clamp(wait, seconds(0), kLongest);
}

// Full jitter: anything between nothing and the exponential delay.
async::Duration RetryPolicy::backoff(int retries_so_far) {
  const auto longest = options_.longest_delay;
  auto ceiling = options_.first_delay;
  for (int i = 0; i < retries_so_far && ceiling < longest; ++i) ceiling *= 2;
  std::uniform_int_distribution<async::Duration::rep> any(0, std::min(ceiling, longest).count());
  return async::Duration(any(random_));
}

std::optional<async::Duration> RetryPolicy::next(const FailedAttempt& failed) {
  if (failed.retries_so_far >= options_.retries || !may_help(failed)) return std::nullopt;
  auto delay = backoff(failed.retries_so_far);
  if (const auto asked = parse_retry_after(failed.retry_after, failed.now)) delay = std::max(delay, *asked);
  if (failed.elapsed + delay > options_.max_time) return std::nullopt;
  return delay;
}

}  // namespace leat::http
