#pragma once

#include <curl/curl.h>

#include <string>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"

namespace leat::http {

/// What else is known about a transfer that libcurl gave up.
struct FailureContext {
  FailureContext() = default;

  std::string text;             // CURLOPT_ERRORBUFFER
  long os_errno = 0;            // CURLINFO_OS_ERRNO
  bool resolved = false;        // the name was resolved, or there was none to resolve
  bool http2 = false;           // HTTP/2 was agreed on
  bool has_status = false;      // the status of a response came
  bool has_head = false;        // the head of the response came to its end
  bool lacks_body = false;      // less of the body has come than the head said
  bool connected = false;       // including TLS
  bool reached = false;         // a socket was connected, even if only to a proxy
  bool proxied = false;         // it went through a proxy or was to go through one
  bool proxy_looks_up = false;  // and the proxy was given the name (socks4a, socks5h)
  long connect_status = 0;      // CURLINFO_HTTP_CONNECTCODE
  long proxy_reply = 0;         // CURLINFO_PROXY_ERROR
  async::Duration elapsed{0};
  async::Duration timeout{0};  // 0 if there is none
};

/// Makes the Error for a CURLcode of libcurl 7.88 to 8.x. These codes mean more than their names say: 27 is
/// also a header over 100 KiB, 1 is also HTTP/0.9, 56 is also a malformed chunk.
[[nodiscard]] Error error_of(CURLcode code, const FailureContext& context);

}  // namespace leat::http
