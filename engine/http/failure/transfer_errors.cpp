#include "engine/http/failure/transfer_errors.hpp"

#include <curl/curl.h>

namespace leat::http {

FailureContext failure_context_of(const EasyHandle& handle, const char* text) {
  FailureContext context;
  context.text = text;
  context.os_errno = handle.info<long>(CURLINFO_OS_ERRNO);
  context.resolved = handle.info<curl_off_t>(CURLINFO_NAMELOOKUP_TIME_T) > 0;
  context.reached = handle.info<curl_off_t>(CURLINFO_CONNECT_TIME_T) > 0;
  context.connect_status = handle.info<long>(CURLINFO_HTTP_CONNECTCODE);
  context.proxy_reply = handle.info<long>(CURLINFO_PROXY_ERROR);
  return context;
}

Error private_address_error() {
  return Error(Errc::blocked, "the host's address is private, which block-private refuses");
}

Error lost_connection_error() {
  Error error(
      Errc::reset,
      "the server closed the kept connection without an answer; the request is not sent again, as its "
      "method is not idempotent and the server may have carried it out");
  error.retryable = false;
  return error;
}

Error lost_with_others_error() {
  return Error(
      Errc::reset,
      "the server ended its kept connections, and the first request that was sent again had no answer");
}

Error silent_address_error() {
  Error error(Errc::connect_timeout, "the host's address did not answer");
  error.curl_code = CURLE_OPERATION_TIMEDOUT;
  return error;
}

}  // namespace leat::http
