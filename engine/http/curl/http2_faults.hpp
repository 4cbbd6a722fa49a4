#pragma once

#include <string>

namespace leat::http {

/// Gives a sentence that says what the libcurl that this process runs with does wrong with HTTP/2, for a user
/// who asks for HTTP/2. It is empty for versions that are known to do well (8.14). Any thread.
[[nodiscard]] std::string http2_faults();

/// Says whether libcurl sends a request that a GOAWAY left out again by itself, over up to five new
/// connections, as 8.14 does. Any thread.
[[nodiscard]] bool repeats_what_goaway_left_out() noexcept;

}  // namespace leat::http
