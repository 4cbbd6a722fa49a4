#pragma once

#include <optional>

#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// Says what a proxy had to do with a transfer that failed; gives nothing if it had no part in it.
///
/// A refusal of CONNECT (RFC 9110 section 9.3.6) or of a SOCKS request is final, except for 502, 503 and 504,
/// which may pass: these, and a proxy that can't be reached, are marked as `of_proxy`. What a SOCKS proxy
/// says about the host (RFC 1928 section 6) is the host's failure, as if there were no proxy.
[[nodiscard]] std::optional<Error> proxy_error_of(CURLcode code, const FailureContext& context);

}  // namespace leat::http
