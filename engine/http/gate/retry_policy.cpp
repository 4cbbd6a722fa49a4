#include "engine/http/gate/retry_policy.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "engine/http/message/http_date.hpp"

namespace leat::http {

namespace {

using std::chrono::seconds;

constexpr seconds kLongest = std::chrono::hours(24 * 365);  // bounded so that no absurd number overflows

bool came_before_sending(Errc code) noexcept {
  return code == Errc::dns_failed || code == Errc::dns_timeout || code == Errc::connect_refused ||
         code == Errc::connect_timeout || code == Errc::connect_failed;
}

// Rounds up, so "1.5" gives 2: it reads the digits before the point, and adds one if any digit behind it is
// not 0.
std::optional<seconds> whole_seconds(std::string_view text) noexcept {
  constexpr std::string_view kDigits = "0123456789";
  const auto point = std::min(text.find('.'), text.size());
  const auto whole = text.substr(0, point);
  const auto fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
  if (whole.empty() || whole.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  if (fraction.find_first_not_of(kDigits) != std::string_view::npos) return std::nullopt;
  std::int64_t number = kLongest.count();
  // Too large a number leaves the initial value.
  std::from_chars(whole.data(), whole.data() + whole.size(), number);
  number = std::min(number, kLongest.count());
  const bool is_more = fraction.find_first_not_of('0') != std::string_view::npos;
  return seconds(is_more ? number + 1 : number);
}

}  // namespace

bool is_retryable_status(int status) noexcept {
  if (status < 400) return false;
  constexpr std::array kStatuses{408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530};
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
  if (const auto number = whole_seconds(value.substr(negative ? 1 : 0)))
    return negative ? seconds(0) : *number;
  const auto date = parse_http_date(value);
  if (!date) return std::nullopt;
  // This counts in seconds, because the clock's own nanoseconds end in 2262.
  const auto wait = seconds(*date) - std::chrono::floor<seconds>(now.time_since_epoch());
  return std::clamp(wait, seconds(0), kLongest);
}

// The delay is up to a quarter longer than the exponential one, so that those who failed together don't come
// back together.
async::Duration RetryPolicy::backoff(int retries_so_far) {
  const auto longest = options_.longest_delay;
  auto delay = options_.first_delay;
  for (int i = 0; i < retries_so_far && delay < longest; ++i) delay *= 2;
  delay = std::min(delay, longest);
  std::uniform_int_distribution<async::Duration::rep> any(0, delay.count() / 4);
  return delay + async::Duration(any(random_));
}

bool RetryPolicy::is_retryable(int status) const noexcept {
  return is_retryable_status(status) || options_.on.has_status(status);
}

bool RetryPolicy::may_help(const FailedAttempt& failed) const noexcept {
  if (failed.error != nullptr) {
    const Error& error = *failed.error;
    if (options_.on.has_code(error.code)) return true;
    return error.retryable && (is_idempotent(failed.method) || came_before_sending(error.code));
  }
  if (options_.on.has_status(failed.status)) return true;
  if (!is_retryable_status(failed.status)) return false;
  const bool was_refused = failed.status == 429 || (failed.status == 503 && !failed.retry_after.empty());
  return was_refused || is_idempotent(failed.method);
}

std::optional<async::Duration> RetryPolicy::next(const FailedAttempt& failed) {
  if (failed.retries_so_far >= options_.retries || !may_help(failed)) return std::nullopt;
  auto delay = backoff(failed.retries_so_far);
  if (const auto asked = parse_retry_after(failed.retry_after, failed.now)) delay = std::max(delay, *asked);
  const bool has_end = options_.max_time.count() > 0;
  if (has_end && failed.elapsed + delay > options_.max_time) return std::nullopt;
  return delay;
}

}  // namespace leat::http
