#include "engine/http/failure/curl_error.hpp"

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

TEST_CASE("error_of: a time-out is named after the phase in which it came") {
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", false, false)).code == Errc::dns_timeout);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", true, false)).code == Errc::connect_timeout);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, context("", true, true)).code == Errc::timeout);
  auto whole = context("", true, false);
  whole.timeout = std::chrono::seconds(1);
  whole.elapsed = std::chrono::seconds(1);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, whole).code == Errc::timeout);
}

TEST_CASE("error_of: refused connections and unreachable hosts have different codes") {
  auto refused = context("", true, false);
  refused.os_errno = ECONNREFUSED;
  CHECK(error_of(CURLE_COULDNT_CONNECT, refused).code == Errc::connect_refused);
  refused.os_errno = EHOSTUNREACH;
  CHECK(error_of(CURLE_COULDNT_CONNECT, refused).code == Errc::connect_failed);
}

TEST_CASE("error_of: a message says what to look at where there is something") {
  const auto says = [](CURLcode code, FailureContext why, const char* words) {
    const auto error = error_of(code, why);
    CAPTURE(error.message);
    return error.message.find(words) != std::string::npos;
  };
  CHECK(says(CURLE_SSL_CONNECT_ERROR, context("SSL routines::wrong version number", true, false),
             "is this a plain HTTP port?"));
  CHECK(says(CURLE_OPERATION_TIMEDOUT, context("SSL connection timeout", true, false),
             "is this a plain HTTP port?"));
  CHECK(says(CURLE_UNSUPPORTED_PROTOCOL, context("Received HTTP/0.9 when not allowed", true, true),
             "is this the right port?"));
  CHECK(says(CURLE_UNSUPPORTED_PROTOCOL, context("Protocol \"http\" not supported", false, false),
             "the schemes of proto are"));
  auto proxy = context("Failed to connect to 127.0.0.1 port 3128", true, false);
  proxy.proxied = true;
  CHECK(says(CURLE_COULDNT_CONNECT, proxy, "port 3128 (that is the proxy)"));
}

TEST_CASE("error_of: an interface that is not there is named, and no other try can help") {
  const auto error = error_of(CURLE_INTERFACE_FAILED, context("Couldn't bind to 'nosuch0'", true, false));
  CHECK(error.code == Errc::connect_failed);
  CHECK(error.message == "Couldn't bind to 'nosuch0', which interface names");
  CHECK_FALSE(error.retryable);
}

TEST_CASE("error_of: an interface that is not there is not the fault of the proxy that it was to lead to") {
  auto proxied = context("Couldn't bind to 'nosuch0'", true, false);
  proxied.proxied = true;
  const auto error = error_of(CURLE_INTERFACE_FAILED, proxied);
  CHECK_FALSE(error.of_proxy);
  CHECK(error.message == "Couldn't bind to 'nosuch0', which interface names");
}

TEST_CASE("error_of: codes that 7.88 uses for two things are told apart") {
  auto tunnel = context("Received HTTP code 407 from proxy after CONNECT", true, true);
  tunnel.connect_status = 407;
  CHECK(error_of(CURLE_RECV_ERROR, tunnel).code == Errc::connect_failed);
  CHECK(
      error_of(CURLE_UNSUPPORTED_PROTOCOL, context("Received HTTP/0.9 when not allowed", true, true)).code ==
      Errc::bad_response);
  CHECK(error_of(CURLE_UNSUPPORTED_PROTOCOL, context("", false, false)).code == Errc::unsupported_scheme);
  CHECK(error_of(CURLE_RECV_ERROR,
                 context("Illegal or missing hexadecimal sequence in chunked-encoding", true, true))
            .code == Errc::bad_response);
  CHECK(error_of(CURLE_RECV_ERROR, context("chunk hex-length char not a hex digit: 0x68", true, true)).code ==
        Errc::bad_response);
  auto cut = context("OpenSSL SSL_read: error:0A000126:SSL routines::unexpected eof while reading, errno 0",
                     true, true);
  CHECK(error_of(CURLE_RECV_ERROR, cut).code == Errc::reset);
  cut.has_head = true;
  CHECK(error_of(CURLE_RECV_ERROR, cut).code == Errc::truncated);
  CHECK(error_of(CURLE_RECV_ERROR, cut).message ==
        "the TLS connection was closed without close_notify within the body");
  CHECK(error_of(CURLE_RECV_ERROR, context("Recv failure: Connection reset by peer", true, true)).code ==
        Errc::reset);
  const auto header = error_of(CURLE_OUT_OF_MEMORY, context("Out of memory", true, true));
  CHECK(header.code == Errc::header_too_large);
  CHECK(header.message.find("memory") == std::string::npos);
}

TEST_CASE(
    "error_of: a proxy's refusal of a tunnel has its status; it is the proxy's failure, and tried again only "
    "if it may pass") {
  auto tunnel = context("CONNECT tunnel failed, response 407", true, false);
  tunnel.reached = tunnel.proxied = true;
  for (const long status : {407, 403, 302, 500, 502, 503, 504}) {
    CAPTURE(status);
    tunnel.connect_status = status;
    const auto error = error_of(CURLE_RECV_ERROR, tunnel);
    CHECK(error.code == Errc::connect_failed);
    CHECK(error.http_status == status);
    CHECK(error.retryable == (status >= 502));
    CHECK(error.of_proxy == (status >= 502));
    CHECK(error.curl_code == CURLE_RECV_ERROR);
  }
  tunnel.connect_status = 0;
  CHECK(error_of(CURLE_RECV_ERROR, tunnel).code == Errc::bad_response);
}

TEST_CASE(
    "error_of: a proxy that can't be reached is the proxy's failure; a host behind it that can't be reached "
    "is not") {
  auto refused = context("Failed to connect to proxy port 3128", true, false);
  refused.os_errno = ECONNREFUSED;
  refused.proxied = true;
  CHECK(error_of(CURLE_COULDNT_CONNECT, refused).of_proxy);
  CHECK(error_of(CURLE_OPERATION_TIMEDOUT, refused).of_proxy);
  CHECK(error_of(CURLE_COULDNT_RESOLVE_PROXY, refused).of_proxy);
  refused.reached = true;
  CHECK_FALSE(error_of(CURLE_OPERATION_TIMEDOUT, refused).of_proxy);
  refused.reached = refused.proxied = false;
  CHECK_FALSE(error_of(CURLE_COULDNT_CONNECT, refused).of_proxy);
}

TEST_CASE("error_of: a SOCKS reply is the host's failure, the proxy's, or final") {
  auto socks = context("Can't complete SOCKS5 connection to a.test. (4)", true, false);
  socks.reached = socks.proxied = socks.proxy_looks_up = true;
  const auto of = [&socks](CURLproxycode reply) {
    socks.proxy_reply = reply;
    return error_of(CURLE_PROXY, socks);
  };
  CHECK(of(CURLPX_REPLY_HOST_UNREACHABLE).code == Errc::dns_failed);
  CHECK(of(CURLPX_REPLY_CONNECTION_REFUSED).code == Errc::connect_refused);
  CHECK_FALSE(of(CURLPX_REPLY_CONNECTION_REFUSED).of_proxy);
  CHECK(of(CURLPX_CLOSED).of_proxy);
  CHECK(of(CURLPX_CLOSED).retryable);
  CHECK_FALSE(of(CURLPX_USER_REJECTED).retryable);
  CHECK_FALSE(of(CURLPX_REPLY_NOT_ALLOWED).retryable);
  CHECK(of(CURLPX_BAD_VERSION).code == Errc::bad_response);
  socks.proxy_looks_up = false;
  CHECK(of(CURLPX_REPLY_HOST_UNREACHABLE).code == Errc::connect_failed);
  CHECK(of(CURLPX_RESOLVE_HOST).code == Errc::dns_failed);
}

TEST_CASE("error_of: a failure of the user's own files is not tried again") {
  CHECK_FALSE(error_of(CURLE_SSL_CERTPROBLEM, context("", true, false)).retryable);
  CHECK_FALSE(error_of(CURLE_SSL_CACERT_BADFILE, context("", true, false)).retryable);
}

TEST_CASE("error_of: errors that a retry may mend are marked as retryable, others are not") {
  CHECK(error_of(CURLE_PARTIAL_FILE, context("", true, true)).retryable);
  CHECK(error_of(CURLE_GOT_NOTHING, context("", true, true)).retryable);
  CHECK_FALSE(error_of(CURLE_PEER_FAILED_VERIFICATION, context("", true, false)).retryable);
  CHECK_FALSE(error_of(CURLE_URL_MALFORMAT, context("", false, false)).retryable);
  CHECK(error_of(CURLE_PARTIAL_FILE, context("", true, true)).curl_code == 18);
}

TEST_CASE(
    "error_of: a TLS alert that refuses is tls_failed and final, whenever it comes, and others may pass") {
  const auto alerted = [](CURLcode code, const std::string& words) {
    const auto error = error_of(
        code, context(("OpenSSL/3.0.19: error:0A00045C:SSL routines::" + words).c_str(), true, true));
    CHECK(error.code == Errc::tls_failed);
    return error.retryable;
  };
  for (const CURLcode code : {CURLE_SSL_CONNECT_ERROR, CURLE_RECV_ERROR}) {
    for (const char* words :
         {"tlsv13 alert certificate required, errno 0", "tlsv1 alert protocol version",
          "sslv3 alert handshake failure", "sslv3 alert bad certificate", "tlsv1 alert unknown ca",
          "tlsv1 alert access denied", "tlsv1 unrecognized name", "tlsv1 alert insufficient security"}) {
      CAPTURE(words);
      CHECK_FALSE(alerted(code, words));
    }
  }
  CHECK(alerted(CURLE_SSL_CONNECT_ERROR, "tlsv1 alert internal error"));
  CHECK(error_of(CURLE_SSL_CONNECT_ERROR, context("Recv failure: Connection reset by peer", true, false))
            .retryable);
  CHECK(error_of(CURLE_RECV_ERROR, context("Connection reset by peer", true, true)).code == Errc::reset);
}

TEST_CASE("error_of: a field after the body that libcurl has no room for is header_too_large") {
  const auto error = error_of(CURLE_RECV_ERROR, context("Out of memory in chunked-encoding", true, true));
  CHECK(error.code == Errc::header_too_large);
  CHECK(error.message.find("after the body") != std::string::npos);
}

TEST_CASE("error_of: an answer to CONNECT of too many fields is header_too_large") {
  auto tunnel = context("Too large response headers: 307207 > 307200", true, false);
  tunnel.proxied = tunnel.reached = true;
  const auto error = error_of(CURLE_RECV_ERROR, tunnel);
  CHECK(error.code == Errc::header_too_large);
  CHECK(error.message.find("CONNECT") != std::string::npos);
}
