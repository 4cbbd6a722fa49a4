#pragma once

#include <curl/curl.h>

namespace leat::http {

/// Whether client and server have agreed on HTTP/2 (RFC 7301) for the connection of the handle's transfer. It
/// may be asked from within its callbacks. False without TLS, and if libcurl is not built on OpenSSL.
[[nodiscard]] bool has_agreed_on_http2(CURL* handle) noexcept;

/// The status that a response by HTTP/2 began with, also where its head was malformed and never came (its
/// ":status"); 0: none came.
[[nodiscard]] int http2_status(CURL* handle) noexcept;

}  // namespace leat::http
