#include "engine/http/failure/http2_error.hpp"

#include <doctest/doctest.h>

using leat::Errc;
using namespace leat::http;

namespace {

FailureContext http2(const char* text = "") {
  FailureContext context;
  context.text = text;
  context.resolved = context.reached = context.connected = context.http2 = true;
  return context;
}

constexpr const char* kProtocolError = "HTTP/2 stream 1 was not closed cleanly: PROTOCOL_ERROR (err 1)";

}  // namespace

TEST_CASE("http2_error_of: a faulty answer is bad_response, however the version of libcurl words it") {
  for (const char* text : {kProtocolError, "HTTP/2 stream 1 reset by curl (error 0x1 PROTOCOL_ERROR)",
                           "Invalid HTTP header field was received: frame type: 1, stream: 1"}) {
    const auto error = error_of(CURLE_HTTP2_STREAM, http2(text));
    CHECK(error.code == Errc::bad_response);
    CHECK_FALSE(error.retryable);
  }
}

TEST_CASE("http2_error_of: a body that is shorter than its length is truncated") {
  auto context = http2(kProtocolError);
  context.has_head = context.lacks_body = true;
  CHECK(error_of(CURLE_HTTP2_STREAM, context).code == Errc::truncated);
}

TEST_CASE("http2_error_of: other resets of a stream are failures that may pass") {
  const auto error = error_of(CURLE_HTTP2_STREAM, http2("… was not closed cleanly: INTERNAL_ERROR (err 2)"));
  CHECK(error.code == Errc::reset);
  CHECK(error.retryable);
}

TEST_CASE(
    "http2_error_of: a connection that ends because of its frames before a head is header_too_large, and "
    "final") {
  FailureContext begun = http2();
  begun.has_status = true;
  CHECK(error_of(CURLE_GOT_NOTHING, begun).code == Errc::header_too_large);
  CHECK(error_of(CURLE_RECV_ERROR, http2("nghttp2_session_mem_recv() returned -902:x")).code ==
        Errc::header_too_large);
  CHECK(error_of(CURLE_HTTP2, http2("nghttp2 shuts down connection with error 9: COMPRESSION_ERROR")).code ==
        Errc::header_too_large);
  CHECK(error_of(CURLE_HTTP2, http2("nghttp2 shuts down connection with error 1: PROTOCOL_ERROR")).code ==
        Errc::bad_response);
  CHECK_FALSE(error_of(CURLE_GOT_NOTHING, begun).retryable);
  FailureContext plain;
  CHECK(error_of(CURLE_GOT_NOTHING, plain).code == Errc::reset);
}

TEST_CASE(
    "http2_error_of: requests that GOAWAY leaves out are a reset, and so is a connection that is lost before "
    "an answer") {
  CHECK(is_left_out(CURLE_HTTP2, http2()));
  CHECK(error_of(CURLE_HTTP2, http2()).code == Errc::reset);
  CHECK(error_of(CURLE_HTTP2, http2()).retryable);
  CHECK(error_of(CURLE_PARTIAL_FILE, http2()).code == Errc::reset);
  auto begun = http2();
  begun.has_head = true;
  CHECK(error_of(CURLE_PARTIAL_FILE, begun).code == Errc::truncated);
}

TEST_CASE("is_http_1_1_required: it is true for exactly that error code") {
  CHECK(is_http_1_1_required(CURLE_HTTP2_STREAM, http2("… not closed cleanly: HTTP_1_1_REQUIRED (err 13)")));
  CHECK_FALSE(is_http_1_1_required(CURLE_HTTP2_STREAM, http2(kProtocolError)));
}

TEST_CASE("http2_error_of: frames that can't be read are bad_response if not even a status has come") {
  const auto error = error_of(CURLE_GOT_NOTHING, http2());
  CHECK(error.code == Errc::bad_response);
  CHECK_FALSE(error.retryable);
  for (const bool has_status : {false, true}) {
    FailureContext flooded = http2("nghttp2_session_mem_recv() returned -904:Flooding was detected");
    flooded.has_status = has_status;
    CHECK(error_of(CURLE_RECV_ERROR, flooded).code == Errc::bad_response);
  }
}
