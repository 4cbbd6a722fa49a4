#pragma once

#include <string>

namespace leat::http {

/// A sentence about what the libcurl of this process does wrong with HTTP/2, for users who ask for HTTP/2;
/// empty for a version that is known to do well (8.14). Any thread.
[[nodiscard]] std::string http2_faults();

}  // namespace leat::http
