#pragma once

#include <string>

namespace leat::http {

/// A sentence about what the libcurl that this process runs with does wrong by HTTP/2, for who asks for it;
/// empty where it is known to do well (8.14). Any thread.
[[nodiscard]] std::string http2_faults();

}  // namespace leat::http
