#include "engine/http/retry_policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace leat;
using namespace leat::http;
using namespace std::chrono_literals;
using leat::async::Duration;

namespace {

// Sun, 06 Nov 1994 08:49:37 GMT, the example of RFC 9110.
const auto kNow = std::chrono::system_clock::from_time_t(784111777);

FailedAttempt failed_with(int status, std::string_view retry_after = {}) {
  FailedAttempt failed;
  failed.method = "GET";
  failed.status = status;
  failed.retry_after = retry_after;
  failed.now = kNow;
  return failed;
}

bool retries(std::string_view method, Errc code) {
  const Error error(code, "");
  FailedAttempt failed;
  failed.method = method;
  failed.error = &error;
  return RetryPolicy(RetryOptions(), 1).next(failed).has_value();
}

}  // namespace

TEST_CASE("RetryPolicy: only statuses that may pass are tried again") {
  RetryPolicy policy(RetryOptions(), 1);
  for (const int status : {408, 425, 429, 500, 502, 503, 504}) CHECK(policy.next(failed_with(status)));
  for (const int status : {200, 301, 400, 401, 403, 404, 410, 501, 505}) {
    CHECK_FALSE(policy.next(failed_with(status)));
  }
}

TEST_CASE("RetryPolicy: a method that is not idempotent is tried again only before anything was sent") {
  CHECK(retries("GET", Errc::reset));
  CHECK(retries("PUT", Errc::timeout));
  CHECK_FALSE(retries("POST", Errc::reset));
  CHECK_FALSE(retries("PATCH", Errc::timeout));
  CHECK(retries("POST", Errc::connect_refused));
  CHECK(retries("POST", Errc::dns_failed));
  CHECK_FALSE(retries("GET", Errc::tls_untrusted));
  CHECK_FALSE(retries("GET", Errc::bad_response));
  auto post = failed_with(503);
  post.method = "POST";
  CHECK_FALSE(RetryPolicy(RetryOptions(), 1).next(post));
}

TEST_CASE("RetryPolicy: the delay doubles, is capped, and lies anywhere below that") {
  RetryOptions options;
  options.retries = 100;
  RetryPolicy policy(options, 1);
  struct Row {
    int retries;
    Duration ceiling;
  };
  for (const auto& [count, ceiling] :
       {Row{0, 500ms}, Row{1, 1s}, Row{2, 2s}, Row{6, 32s}, Row{7, 60s}, Row{90, 60s}}) {
    Duration least = 1h;
    Duration most{0};
    for (int i = 0; i < 200; ++i) {
      auto failed = failed_with(503);
      failed.retries_so_far = count;
      const Duration delay = policy.next(failed).value();
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    CHECK(most <= ceiling);
    CHECK(most > ceiling * 8 / 10);
    CHECK(least < ceiling * 2 / 10);
  }
}

TEST_CASE("RetryPolicy: it ends after so many retries, and after so long") {
  RetryOptions options;
  options.retries = 2;
  options.max_time = 5s;
  RetryPolicy policy(options, 1);
  auto failed = failed_with(503);
  failed.retries_so_far = 1;
  CHECK(policy.next(failed));
  failed.retries_so_far = 2;
  CHECK_FALSE(policy.next(failed));
  failed.retries_so_far = 0;
  failed.elapsed = 6s;
  CHECK_FALSE(policy.next(failed));
}

TEST_CASE(
    "RetryPolicy: Retry-After is the least delay, and beyond the time there is the last try was the last") {
  RetryPolicy policy(RetryOptions(), 1);
  CHECK(policy.next(failed_with(429, "7")).value() == 7s);
  CHECK(policy.next(failed_with(503, "Sun, 06 Nov 1994 08:49:47 GMT")).value() == 10s);
  CHECK(policy.next(failed_with(503, "0")).value() <= 500ms);
  CHECK(policy.next(failed_with(503, "-5")).value() <= 500ms);
  CHECK(policy.next(failed_with(503, "soon")).value() <= 500ms);
  CHECK_FALSE(policy.next(failed_with(503, "86400")));
  CHECK_FALSE(policy.next(failed_with(503, "99999999999999999999999")));
}

TEST_CASE("Retry-After: seconds, dates in three forms, the past, nonsense") {
  CHECK(parse_retry_after("120", kNow) == Duration(120s));
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:38 GMT", kNow) == Duration(1s));
  CHECK(parse_retry_after("Sun Nov  6 08:49:39 1994", kNow) == Duration(2s));
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kNow) == Duration(0));
  CHECK(parse_retry_after("-1", kNow) == Duration(0));
  CHECK(parse_retry_after("99999999999999999999", kNow) == Duration(365 * 24h));
  CHECK(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", kNow) == Duration(365 * 24h));
  CHECK_FALSE(parse_retry_after("", kNow));
  CHECK_FALSE(parse_retry_after("soon", kNow));
  CHECK_FALSE(parse_retry_after("1.5", kNow));
}
