#pragma once

namespace leat::http {

/// Initialises libcurl, once in the process, on first use. From any thread.
void ensure_curl_global();

}  // namespace leat::http
