#pragma once

#include <string>

namespace leat {

/// The libraries that this process runs with, as `name/version` in one line: libcurl, its TLS library, libuv.
/// Starts none of them. From any thread.
[[nodiscard]] std::string library_versions();

}  // namespace leat
