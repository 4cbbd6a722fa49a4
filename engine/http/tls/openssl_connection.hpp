#pragma once

#include <curl/curl.h>

#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace leat::http {

/// Gives OpenSSL's side of the connection that `easy` has now. Gives null without OpenSSL or if nothing is
/// encrypted. Loop thread only.
[[nodiscard]] ssl_st* openssl_connection(CURL* easy) noexcept;

/// Has a connection offer HTTP/2 before HTTP/1.1 by ALPN (RFC 7301). This is for those who speak HTTP/2
/// themselves: libcurl 8 speaks it on every connection for which it has agreed on it by itself.
void offer_http2(ssl_ctx_st* context) noexcept;

/// Gives the protocol that both sides of a connection have agreed on by ALPN, such as "h2"; empty if they
/// have agreed on none.
[[nodiscard]] std::string agreed_protocol(const ssl_st* connection);

/// Has a connection whose handshake is done read and write the socket itself, in place of whoever did it. It
/// doesn't close the socket. False, with nothing changed, if there is no memory.
[[nodiscard]] bool put_on_socket(ssl_st* connection, int fd) noexcept;

}  // namespace leat::http
