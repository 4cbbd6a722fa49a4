#include "engine/http/curl_error.hpp"

#include <doctest/doctest.h>

#include <cerrno>

using leat::Errc;
using namespace leat::http;

namespace {

FailureContext context(const char* text, bool resolved, bool connected) {
  FailureContext c;
  c.text = text;
  c.resolved = resolved;
  c.connected = connected;
  return c;
}

}  // namespace

TEST_CASE("error_of: a time-out is named by the phase it came in") {
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", false, false)).code == Errc::dns_timeout);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", true, false)).code == Errc::connect_timeout);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", true, true)).code == Errc::timeout);
  auto whole = context("", true, false);
  whole.timeout = std::chrono::seconds(1);
  whole.elapsed = std::chrono::seconds(1);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, whole).code == Errc::timeout);
}

TEST_CASE("error_of: refused and unreachable connections are apart") {
  auto refused = context("", true, false);
  refused.os_errno = ECONNREFUSED;
  CHECK(error_of(CURLE_COULDNT_CONNECT, refused).code == Errc::connect_refused);
  refused.os_errno = EHOSTUNREACH;
  CHECK(error_of(CURLE_COULDNT_CONNECT, refused).code == Errc::connect_failed);
}

TEST_CASE("error_of: codes that 7.88 uses for two things are told apart") {
  CHECK(error_of(CURLE_RECV_ERROR, context("Received HTTP code 407 from proxy after CONNECT", true, true))
            .code == Errc::connect_failed);
  CHECK(
      error_of(CURLE_UNSUPPORTED_PROTOCOL, context("Received HTTP/0.9 when not allowed", true, true)).code ==
      Errc::bad_response);
  CHECK(error_of(CURLE_UNSUPPORTED_PROTOCOL, context("", false, false)).code == Errc::unsupported_scheme);
  CHECK(error_of(CURLE_RECV_ERROR,
                 context("Illegal or missing hexadecimal sequence in chunked-encoding", true, true))
            .code == Errc::bad_response);
  CHECK(error_of(CURLE_RECV_ERROR, context("Recv failure: Connection reset by peer", true, true)).code ==
        Errc::reset);
  const auto header = error_of(CURLE_OUT_OF_MEMORY, context("Out of memory", true, true));
  CHECK(header.code == Errc::header_too_large);
  CHECK(header.message.find("memory") == std::string::npos);
}

TEST_CASE("error_of: what a retry may mend is marked, what it can't is not") {
  CHECK(error_of(CURLE_PARTIAL_FILE, context("", true, true)).retryable);
  CHECK(error_of(CURLE_GOT_NOTHING, context("", true, true)).retryable);
  CHECK_FALSE(error_of(CURLE_PEER_FAILED_VERIFICATION, context("", true, false)).retryable);
  CHECK_FALSE(error_of(CURLE_URL_MALFORMAT, context("", false, false)).retryable);
  CHECK(error_of(CURLE_PARTIAL_FILE, context("", true, true)).curl_code == 18);
}
