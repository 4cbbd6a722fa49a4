#include "engine/http/failure/proxy_error.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "engine/http/message/status_text.hpp"

namespace leat::http {

namespace {

enum class Blame { host, proxy, nobody };  // nobody: the refusal is final

struct Reply {
  CURLproxycode code;
  Errc errc;
  Blame blame;
};

// Replies of SOCKS. What is not in this list has refused us for good.
constexpr std::array kReplies{
    Reply{CURLPX_RESOLVE_HOST, Errc::dns_failed, Blame::host},  // libcurl looks it up for socks4 and socks5
    Reply{CURLPX_REPLY_HOST_UNREACHABLE, Errc::connect_failed, Blame::host},
    Reply{CURLPX_REPLY_NETWORK_UNREACHABLE, Errc::connect_failed, Blame::host},
    Reply{CURLPX_REPLY_TTL_EXPIRED, Errc::connect_failed, Blame::host},
    Reply{CURLPX_REPLY_CONNECTION_REFUSED, Errc::connect_refused, Blame::host},
    Reply{CURLPX_REPLY_GENERAL_SERVER_FAILURE, Errc::connect_failed, Blame::host},
    Reply{CURLPX_REQUEST_FAILED, Errc::connect_failed, Blame::host},
    Reply{CURLPX_CLOSED, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_RECV_ADDRESS, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_RECV_AUTH, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_RECV_CONNECT, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_RECV_REQACK, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_SEND_AUTH, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_SEND_CONNECT, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_SEND_REQUEST, Errc::connect_failed, Blame::proxy},
    Reply{CURLPX_BAD_VERSION, Errc::bad_response, Blame::nobody},
    Reply{CURLPX_BAD_ADDRESS_TYPE, Errc::bad_response, Blame::nobody},
    Reply{CURLPX_UNKNOWN_MODE, Errc::bad_response, Blame::nobody},
};

bool mentions(const FailureContext& context, const char* words) {
  return context.text.find(words) != std::string::npos;
}

Error blamed(Error error, Blame blame) {
  error.of_proxy = blame == Blame::proxy;
  if (blame == Blame::nobody) error.retryable = false;
  return error;
}

// SOCKS4a has one answer for everything that can go wrong, so it also means that a name was not found.
Error socks_error(const FailureContext& context) {
  const auto code = static_cast<CURLproxycode>(context.proxy_reply);
  const auto* known =
      std::find_if(kReplies.begin(), kReplies.end(), [code](const Reply& row) { return row.code == code; });
  if (known == kReplies.end()) return blamed(Error(Errc::connect_failed, context.text), Blame::nobody);
  const bool not_found =
      context.proxy_looks_up && (code == CURLPX_REPLY_HOST_UNREACHABLE || code == CURLPX_REQUEST_FAILED);
  if (!not_found) return blamed(Error(known->errc, context.text), known->blame);
  return Error(Errc::dns_failed, "the SOCKS proxy can't find the host, or can't reach it");
}

bool passes(long status) noexcept { return status == 502 || status == 503 || status == 504; }

Error refused_tunnel(long status) {
  Error error(Errc::connect_failed,
              "the proxy refused the tunnel (CONNECT): " + status_text(static_cast<int>(status)));
  error.http_status = static_cast<int>(status);
  return blamed(std::move(error), passes(status) ? Blame::proxy : Blame::nobody);
}

// The words are those of 7.88 and of later versions.
std::optional<Error> tunnel_error(const FailureContext& context) {
  const bool is_of_tunnel = context.proxied && !context.connected;
  if (mentions(context, "CONNECT response too large") || mentions(context, "response header too large") ||
      (is_of_tunnel && mentions(context, "Too large response headers"))) {
    return Error(Errc::header_too_large, "the proxy's answer to CONNECT is too large");
  }
  const bool refused =
      mentions(context, "CONNECT tunnel failed") || mentions(context, "from proxy after CONNECT");
  if (refused && context.connect_status >= 100) return refused_tunnel(context.connect_status);
  if (refused || mentions(context, "Proxy CONNECT aborted")) {
    return Error(Errc::bad_response, "the proxy gave no answer to CONNECT that is HTTP");
  }
  return std::nullopt;
}

}  // namespace

std::optional<Error> proxy_error_of(CURLcode code, const FailureContext& context) {
  if (code == CURLE_PROXY) return socks_error(context);
  if (code == CURLE_RECV_ERROR) {
    if (auto error = tunnel_error(context)) return error;
  }
  return std::nullopt;
}

}  // namespace leat::http
