#pragma once

#include "engine/error.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// What libcurl itself knows about a handle's failed transfer; `text` is its CURLOPT_ERRORBUFFER.
[[nodiscard]] FailureContext failure_context_of(const EasyHandle& handle, const char* text);

// Why a Transfer ends a transfer by itself.

/// --block-private refuses the address.
[[nodiscard]] Error private_address_error();
/// A kept connection ended under a request that must not be sent twice, which libcurl would do.
[[nodiscard]] Error lost_connection_error();
/// A kept connection ended under a request, and so it did for others, the first of which could not be sent
/// again.
[[nodiscard]] Error lost_with_others_error();
/// The address did not answer while there are others.
[[nodiscard]] Error silent_address_error();

}  // namespace leat::http
