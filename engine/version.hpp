#pragma once

#include <string>

namespace leat {

/// The libraries that this process runs with, as `name/version` in one line: libcurl, its TLS library, libuv.
/// Starts none of them. From any thread.
[[nodiscard]] std::string library_versions();

/// What the libcurl of this process can do, of what leat has a use for, by libcurl's names and with blanks
/// between them, such as `HTTP2 HTTPS-proxy IPv6`. Starts nothing. From any thread.
[[nodiscard]] std::string library_features();

}  // namespace leat
