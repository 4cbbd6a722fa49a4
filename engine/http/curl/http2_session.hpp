#pragma once

#include <curl/curl.h>

namespace leat::http {

/// Says whether client and server have agreed on HTTP/2 (RFC 7301) for the connection that the handle's
/// transfer has now. Call it from within its callbacks. Gives false without TLS, and if libcurl is not built
/// on OpenSSL.
[[nodiscard]] bool has_agreed_on_http2(CURL* handle) noexcept;

/// Gives the status that a response by HTTP/2 began with (its ":status"), also when its head was malformed
/// and never came; 0 if none came.
[[nodiscard]] int http2_status(CURL* handle) noexcept;

}  // namespace leat::http
