#include "engine/http/connect/connect_attempts.hpp"

#include <curl/curl.h>
#include <doctest/doctest.h>

using leat::Errc;
using leat::Error;
using leat::async::Duration;
using leat::async::TimePoint;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

constexpr Duration kNone{0};

Error failed(Errc code, int curl_code, const char* message = "") {
  Error error(code, message);
  error.curl_code = curl_code;
  return error;
}

}  // namespace

TEST_CASE("ConnectAttempts: a name with one address gets all the time for it, and has no second attempt") {
  ConnectAttempts attempts(10s);
  const auto bound = attempts.next(1, kNone, TimePoint());
  CHECK(bound.limit == 10s);
  CHECK(bound.patience == kNone);
  CHECK_FALSE(attempts.goes_on({"a"}, false, TimePoint(1s)));
}

TEST_CASE("ConnectAttempts: if the addresses refuse, each is tried once") {
  ConnectAttempts attempts(10s);
  CHECK(attempts.next(3, kNone, TimePoint()).untried == 3);
  CHECK(attempts.goes_on({"a"}, false, TimePoint()));
  CHECK(attempts.next(3, kNone, TimePoint()).untried == 2);
  CHECK(attempts.goes_on({"b"}, false, TimePoint()));
  const auto last = attempts.next(3, kNone, TimePoint(1s));
  CHECK(last.limit == 9s);
  CHECK(last.patience == kNone);  // it may just be slow
  CHECK_FALSE(attempts.goes_on({"c"}, false, TimePoint(1s)));
}

TEST_CASE("ConnectAttempts: silent addresses are left soon, and get the rest of the time in a second round") {
  ConnectAttempts attempts(10s);
  const auto first = attempts.next(3, kNone, TimePoint(5s));
  CHECK(first.patience == ConnectAttempts::kPatience);
  CHECK(first.untried == 3);
  CHECK(attempts.goes_on({"a"}, true, TimePoint(6s)));
  CHECK(attempts.next(3, kNone, TimePoint(6s)).patience == ConnectAttempts::kPatience);
  CHECK(attempts.goes_on({"b"}, false, TimePoint(7s)));
  const auto last = attempts.next(3, kNone, TimePoint(7s));
  CHECK(last.limit == 8s);
  CHECK(last.patience == 4s);
  CHECK(last.untried > 1);  // the first one comes again
  CHECK(attempts.goes_on({"c"}, true, TimePoint(11s)));

  const auto again = attempts.next(3, kNone, TimePoint(11s));
  CHECK(again.untried == 2);
  CHECK(again.patience == 2s);
  CHECK(attempts.goes_on({"a"}, true, TimePoint(13s)));
  const auto rest = attempts.next(3, kNone, TimePoint(13s));
  CHECK(rest.limit == 2s);
  CHECK(rest.patience == kNone);
  CHECK_FALSE(attempts.goes_on({"b", "c"}, false, TimePoint(14s)));
}

TEST_CASE("ConnectAttempts: if there is little time, the first address gets half of it") {
  ConnectAttempts short_limit(1s);
  CHECK(short_limit.next(2, kNone, TimePoint()).patience == 500ms);
  ConnectAttempts short_timeout(10s);
  CHECK(short_timeout.next(2, 2s, TimePoint()).patience == 1s);
}

TEST_CASE("ConnectAttempts: it ends when the time is over, when nothing was tried, or after three rounds") {
  ConnectAttempts attempts(2s);
  CHECK(attempts.next(9, kNone, TimePoint()).patience == 1s);
  CHECK_FALSE(attempts.goes_on({}, false, TimePoint(1s)));
  CHECK(attempts.goes_on({"a"}, true, TimePoint(1s)));
  CHECK_FALSE(attempts.goes_on({"b"}, true, TimePoint(2s)));
  ConnectAttempts unlimited(kNone);
  CHECK(unlimited.next(2, kNone, TimePoint()).limit == kNone);
  int times = 0;
  while (unlimited.goes_on({"a"}, false, TimePoint(30min))) ++times;
  CHECK(times == 5);
}

TEST_CASE("is_address_failure: some errors show that an address is dead, others only that a server refuses") {
  CHECK(is_address_failure(failed(Errc::connect_refused, CURLE_COULDNT_CONNECT)));
  CHECK(is_address_failure(failed(Errc::connect_failed, CURLE_COULDNT_CONNECT)));
  CHECK(is_address_failure(failed(Errc::connect_timeout, CURLE_OPERATION_TIMEDOUT)));
  for (const char* message : {"OpenSSL SSL_connect: Connection reset by peer in connection to a:443",
                              "Recv failure: Connection reset by peer", "Send failure: Broken pipe",
                              "error:0A000126:SSL routines::unexpected eof while reading"}) {
    CAPTURE(message);
    CHECK(is_address_failure(failed(Errc::tls_failed, CURLE_SSL_CONNECT_ERROR, message)));
  }
  CHECK(is_address_failure(failed(Errc::reset, CURLE_GOT_NOTHING)));
  CHECK(is_address_failure(failed(Errc::reset, CURLE_RECV_ERROR)));

  CHECK_FALSE(is_address_failure(failed(Errc::timeout, CURLE_OPERATION_TIMEDOUT)));
  CHECK_FALSE(is_address_failure(failed(Errc::tls_untrusted, CURLE_PEER_FAILED_VERIFICATION)));
  CHECK_FALSE(is_address_failure(
      failed(Errc::tls_failed, CURLE_SSL_CONNECT_ERROR, "error:0A000410: sslv3 alert handshake failure")));
  CHECK_FALSE(is_address_failure(
      failed(Errc::connect_failed, CURLE_RECV_ERROR, "Received HTTP code 403 from proxy after CONNECT")));
  Error no_socket = failed(Errc::connect_failed, CURLE_COULDNT_CONNECT);
  no_socket.os_errno = 24;  // EMFILE
  CHECK_FALSE(is_address_failure(no_socket));
}
