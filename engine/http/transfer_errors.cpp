#include "engine/http/transfer_errors.hpp"

#include <curl/curl.h>

namespace leat::http {

Error private_address_error() {
  return Error(Errc::blocked, "the host's address is private, which --block-private refuses");
}

Error lost_connection_error() {
  Error error(
      Errc::reset,
      "the server closed the kept connection without an answer; the request is not sent again, as its "
      "method is not idempotent and the server may have carried it out");
  error.retryable = false;
  return error;
}

Error silent_address_error() {
  Error error(Errc::connect_timeout, "the host's address did not answer");
  error.curl_code = CURLE_OPERATION_TIMEDOUT;
  return error;
}

}  // namespace leat::http
