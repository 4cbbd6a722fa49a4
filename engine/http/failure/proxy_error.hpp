#pragma once

#include <optional>

#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// The proxy's part in a transfer that failed; nothing if it had no part in it.
///
/// A refusal of CONNECT (RFC 9110 section 9.3.6) or of a SOCKS request is final, but for 502, 503 and 504,
/// which pass: those, and a proxy that can't be reached, are marked as `of_proxy`. What a SOCKS proxy says of
/// the host (RFC 1928 section 6) is the host's failure, as if there were no proxy.
[[nodiscard]] std::optional<Error> proxy_error_of(CURLcode code, const FailureContext& context);

}  // namespace leat::http
