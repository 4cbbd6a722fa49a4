#include "engine/http/gate/retry_policy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>

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
  for (const int status : {408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529, 530}) {
    CHECK(policy.next(failed_with(status)));
  }
  for (const int status : {200, 301, 400, 401, 403, 404, 410, 425, 501, 505, 525, 526}) {
    CHECK_FALSE(policy.next(failed_with(status)));
  }
}

TEST_CASE(
    "RetryPolicy: a method that is not idempotent is tried again only if the request was not carried out") {
  CHECK(retries("GET", Errc::reset));
  CHECK(retries("PUT", Errc::timeout));
  CHECK_FALSE(retries("POST", Errc::reset));
  CHECK_FALSE(retries("PATCH", Errc::timeout));
  CHECK(retries("POST", Errc::connect_refused));
  CHECK(retries("POST", Errc::dns_failed));
  CHECK_FALSE(retries("GET", Errc::tls_untrusted));
  CHECK_FALSE(retries("GET", Errc::bad_response));
  const auto posted = [](int status, std::string_view retry_after) {
    auto post = failed_with(status, retry_after);
    post.method = "POST";
    return RetryPolicy(RetryOptions(), 1).next(post).has_value();
  };
  CHECK(posted(429, ""));
  CHECK(posted(429, "1"));
  CHECK(posted(503, "1"));
  CHECK_FALSE(posted(503, ""));
  CHECK_FALSE(posted(502, "1"));
}

TEST_CASE("RetryPolicy: what the user lists is tried again as well, whatever the method") {
  RetryOptions options;
  options.on = parse_retry_on("404,bad_response,reset").value();
  RetryPolicy policy(options, 1);
  CHECK(policy.is_retryable(404));
  CHECK(policy.is_retryable(503));
  CHECK_FALSE(policy.is_retryable(403));
  CHECK(policy.next(failed_with(404)));
  CHECK_FALSE(policy.next(failed_with(403)));
  auto post = failed_with(404);
  post.method = "POST";
  CHECK(policy.next(post));
  const Error reset(Errc::reset, "");
  post.error = &reset;
  CHECK(policy.next(post));
  const Error malformed(Errc::bad_response, "");
  post.error = &malformed;
  CHECK(policy.next(post));
  const Error untrusted(Errc::tls_untrusted, "");
  post.error = &untrusted;
  CHECK_FALSE(policy.next(post));
}

TEST_CASE(
    "RetryPolicy: the delay begins at a second, doubles, is capped, and is longer by at most a quarter") {
  RetryOptions options;
  options.retries = 100;
  RetryPolicy policy(options, 1);
  struct Row {
    int retries;
    Duration shortest;
  };
  for (const auto& [count, shortest] :
       {Row{0, 1s}, Row{1, 2s}, Row{2, 4s}, Row{5, 32s}, Row{6, 60s}, Row{90, 60s}}) {
    Duration least = 1h;
    Duration most{0};
    for (int i = 0; i < 200; ++i) {
      auto failed = failed_with(503);
      failed.retries_so_far = count;
      const Duration delay = policy.next(failed).value();
      least = std::min(least, delay);
      most = std::max(most, delay);
    }
    CHECK(most <= shortest * 5 / 4);
    CHECK(most > shortest * 12 / 10);
    CHECK(least >= shortest);
    CHECK(least < shortest * 21 / 20);
  }
}

TEST_CASE("RetryPolicy: it ends after the given number of retries, and after the given time") {
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

TEST_CASE("RetryPolicy: without a time for retries only their number ends them") {
  RetryOptions options;
  options.max_time = 0s;
  RetryPolicy policy(options, 1);
  auto failed = failed_with(503);
  failed.elapsed = 24h;
  CHECK(policy.next(failed));
}

TEST_CASE(
    "RetryPolicy: Retry-After is the least delay; if it is longer than the time that is left, the last "
    "attempt was the last") {
  RetryPolicy policy(RetryOptions(), 1);
  CHECK(policy.next(failed_with(429, "7")).value() == 7s);
  CHECK(policy.next(failed_with(503, "Sun, 06 Nov 1994 08:49:47 GMT")).value() == 10s);
  CHECK(policy.next(failed_with(503, "0")).value() <= 1250ms);
  CHECK(policy.next(failed_with(503, "-5")).value() <= 1250ms);
  CHECK(policy.next(failed_with(503, "soon")).value() <= 1250ms);
  CHECK_FALSE(policy.next(failed_with(503, "86400")));
  CHECK_FALSE(policy.next(failed_with(503, "99999999999999999999999")));
}

TEST_CASE("Retry-After: it reads seconds and dates in three forms, also of the past, and ignores nonsense") {
  CHECK(parse_retry_after("120", kNow) == Duration(120s));
  CHECK(parse_retry_after("Sunday, 06-Nov-94 08:49:38 GMT", kNow) == Duration(1s));
  CHECK(parse_retry_after("Sun Nov  6 08:49:39 1994", kNow) == Duration(2s));
  CHECK(parse_retry_after("Sun, 06 Nov 1994 08:49:36 GMT", kNow) == Duration(0));
  CHECK(parse_retry_after("-1", kNow) == Duration(0));
  CHECK(parse_retry_after("99999999999999999999", kNow) == Duration(365 * 24h));
  CHECK(parse_retry_after("Fri, 31 Dec 9999 23:59:59 GMT", kNow) == Duration(365 * 24h));
  CHECK_FALSE(parse_retry_after("", kNow));
  CHECK_FALSE(parse_retry_after("soon", kNow));
  CHECK_FALSE(parse_retry_after("1,5", kNow));
  CHECK_FALSE(parse_retry_after("1.5s", kNow));
  CHECK_FALSE(parse_retry_after(".5", kNow));
}

TEST_CASE("Retry-After: a fraction of a second is rounded up") {
  CHECK(parse_retry_after("1.5", kNow) == Duration(2s));
  CHECK(parse_retry_after("0.001", kNow) == Duration(1s));
  CHECK(parse_retry_after("2.000", kNow) == Duration(2s));
  CHECK(parse_retry_after("2.", kNow) == Duration(2s));
  CHECK(parse_retry_after("-0.5", kNow) == Duration(0));
  CHECK(parse_retry_after("99999999999999999999.5", kNow) > Duration(364 * 24h));
}
