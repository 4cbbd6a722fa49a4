#include "engine/http/failure/curl_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "engine/http/failure/http2_error.hpp"
#include "engine/http/failure/proxy_error.hpp"

namespace leat::http {

namespace {

struct Row {
  CURLcode code;
  Errc errc;
};

// This is CURLE_TOO_LARGE, which came with 8.6; before that it was CURLE_OUT_OF_MEMORY.
constexpr auto kTooLarge = static_cast<CURLcode>(100);

// What a code means in all circumstances.
constexpr std::array kRows{
    Row{CURLE_URL_MALFORMAT, Errc::bad_url},
    Row{CURLE_COULDNT_RESOLVE_PROXY, Errc::dns_failed},
    Row{CURLE_COULDNT_RESOLVE_HOST, Errc::dns_failed},
    Row{CURLE_WEIRD_SERVER_REPLY, Errc::bad_response},
    // 7.88 gives it for a field that it can't take apart.
    Row{CURLE_BAD_FUNCTION_ARGUMENT, Errc::bad_response},
    Row{CURLE_HTTP_RETURNED_ERROR, Errc::bad_response},
    Row{CURLE_LOGIN_DENIED, Errc::bad_response},
    Row{CURLE_SEND_FAIL_REWIND, Errc::bad_response},
    Row{CURLE_RANGE_ERROR, Errc::range_mismatch},
    Row{CURLE_FILESIZE_EXCEEDED, Errc::body_too_large},
    Row{CURLE_HTTP2, Errc::reset},
    Row{CURLE_HTTP2_STREAM, Errc::reset},
    Row{CURLE_PARTIAL_FILE, Errc::truncated},
    Row{CURLE_OUT_OF_MEMORY, Errc::header_too_large},
    Row{kTooLarge, Errc::header_too_large},
    Row{CURLE_SSL_CONNECT_ERROR, Errc::tls_failed},
    Row{CURLE_SSL_CIPHER, Errc::tls_failed},
    Row{CURLE_SSL_CERTPROBLEM, Errc::tls_failed},
    Row{CURLE_SSL_CACERT_BADFILE, Errc::tls_failed},
    Row{CURLE_PEER_FAILED_VERIFICATION, Errc::tls_untrusted},
    Row{CURLE_SSL_PINNEDPUBKEYNOTMATCH, Errc::tls_untrusted},
    Row{CURLE_SSL_ISSUER_ERROR, Errc::tls_untrusted},
    Row{CURLE_GOT_NOTHING, Errc::reset},
    Row{CURLE_SEND_ERROR, Errc::reset},
    Row{CURLE_BAD_CONTENT_ENCODING, Errc::bad_response},
    Row{CURLE_TOO_MANY_REDIRECTS, Errc::too_many_redirects},
    Row{CURLE_AGAIN, Errc::reset},
    Row{CURLE_INTERFACE_FAILED, Errc::connect_failed},
    Row{CURLE_SSL_SHUTDOWN_FAILED, Errc::reset},
};

bool mentions(const std::string& text, const char* words) { return text.find(words) != std::string::npos; }

Errc timed_out(const FailureContext& context) {
  const bool whole =
      context.timeout.count() > 0 && context.elapsed + std::chrono::milliseconds(2) >= context.timeout;
  if (context.connected || whole) return Errc::timeout;
  return context.resolved ? Errc::connect_timeout : Errc::dns_timeout;
}

Errc refused(const FailureContext& context) {
  if (context.os_errno == ECONNREFUSED || mentions(context.text, "Connection refused"))
    return Errc::connect_refused;
  return Errc::connect_failed;
}

// TLS that ends without close_notify, in OpenSSL's words. libcurl 7.88 takes it for the end of the
// connection, 8.14 for an error.
bool is_cut(const FailureContext& context) {
  return context.has_head && mentions(context.text, "unexpected eof while reading");
}

// A field behind the body that 7.88 has no room for.
bool is_long_trailer(const FailureContext& context) {
  return mentions(context.text, "Out of memory in chunked-encoding");
}

// Alerts of TLS by which a server refuses what would be the same the next time, in OpenSSL's words. With TLS
// 1.3 they may come when libcurl takes the handshake for done (RFC 8446, 6.2).
bool is_refusal_of_tls(const FailureContext& context) {
  constexpr std::array kRefusals{
      "alert protocol version",    "alert handshake failure",       "alert certificate required",
      "alert bad certificate",     "alert unsupported certificate", "alert certificate revoked",
      "alert certificate expired", "alert certificate unknown",     "alert unknown ca",
      "alert access denied",       "alert insufficient security",   "alert no application protocol",
      "unrecognized name"};
  return mentions(context.text, "SSL routines") &&
         std::any_of(kRefusals.begin(), kRefusals.end(),
                     [&context](const char* words) { return mentions(context.text, words); });
}

Errc broken(const FailureContext& context) {
  if (is_cut(context)) return Errc::truncated;
  if (is_long_trailer(context)) return Errc::header_too_large;
  if (is_refusal_of_tls(context)) return Errc::tls_failed;
  // 7.88 ends each such text with "in chunked-encoding"; 8.14 has "chunk hex-length …" and "invalid chunk
  // size" too.
  return mentions(context.text, "chunk") ? Errc::bad_response : Errc::reset;
}

Errc classify(CURLcode code, const FailureContext& context) {
  switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
      return timed_out(context);
    case CURLE_COULDNT_CONNECT:
      return refused(context);
    case CURLE_UNSUPPORTED_PROTOCOL:
      return context.connected ? Errc::bad_response : Errc::unsupported_scheme;
    case CURLE_RECV_ERROR:
      return broken(context);
    default:
      break;
  }
  const auto* row = std::find_if(kRows.begin(), kRows.end(), [code](const Row& r) { return r.code == code; });
  return row == kRows.end() ? Errc::internal : row->errc;
}

// If so, no address of the proxy took the connection, because a transfer through a proxy connects to it.
bool is_about_connecting(Errc errc) noexcept {
  return errc == Errc::dns_failed || errc == Errc::dns_timeout || errc == Errc::connect_refused ||
         errc == Errc::connect_timeout || errc == Errc::connect_failed;
}

// They are files of ours, so another attempt would find them as they are.
bool is_about_files(CURLcode code) noexcept {
  return code == CURLE_SSL_CERTPROBLEM || code == CURLE_SSL_CACERT_BADFILE;
}

// Neither would one at an address or at an interface of this machine.
bool is_about_interface(CURLcode code) noexcept { return code == CURLE_INTERFACE_FAILED; }

// Gives libcurl's own words, except where they mislead.
std::string message_of(CURLcode code, Errc errc, const FailureContext& context) {
  if (errc == Errc::truncated && is_cut(context))
    return "the TLS connection was closed without close_notify within the body";
  if (is_long_trailer(context)) return "a field after the body is over 64 KiB";
  if (errc == Errc::header_too_large) return "a line of the response's head is over 100 KiB";
  if (code == CURLE_BAD_FUNCTION_ARGUMENT) return "a line of the response's head is no header field";
  if (errc == Errc::reset && mentions(context.text, "poll")) return "the connection was reset";
  if ((errc == Errc::tls_failed && mentions(context.text, "wrong version number")) ||
      (errc == Errc::connect_timeout && mentions(context.text, "SSL connection timeout"))) {
    return "TLS is not spoken there (is this a plain HTTP port?): " + context.text;
  }
  if (mentions(context.text, "HTTP/0.9")) return "what came is no HTTP (is this the right port?)";
  if (errc == Errc::unsupported_scheme && mentions(context.text, "Protocol \"http"))
    return "the schemes of proto are others than the URL's";
  if (is_about_interface(code)) return context.text + ", which interface names";
  if (code == CURLE_SSL_CACERT_BADFILE) return "the certificates to trust can't be read";
  return context.text.empty() ? curl_easy_strerror(code) : context.text;
}

}  // namespace

Error error_of(CURLcode code, const FailureContext& context) {
  auto error = proxy_error_of(code, context);
  if (!error) error = http2_error_of(code, context);
  if (error) {
    error->curl_code = static_cast<int>(code);
    return std::move(*error);
  }
  const Errc errc = classify(code, context);
  Error usual(errc, message_of(code, errc, context));
  usual.curl_code = static_cast<int>(code);
  usual.of_proxy =
      context.proxied && !context.reached && is_about_connecting(errc) && !is_about_interface(code);
  if (usual.of_proxy) usual.message += " (that is the proxy)";
  const bool is_final = is_about_files(code) || is_about_interface(code) ||
                        (errc == Errc::tls_failed && is_refusal_of_tls(context));
  if (is_final) usual.retryable = false;
  return usual;
}

}  // namespace leat::http
