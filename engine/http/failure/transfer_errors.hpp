#pragma once

#include "engine/error.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/failure/curl_error.hpp"

namespace leat::http {

/// Gives what libcurl itself knows about a handle's failed transfer; `text` is its CURLOPT_ERRORBUFFER.
[[nodiscard]] FailureContext failure_context_of(const EasyHandle& handle, const char* text);

// The following say why a Transfer ends a transfer by itself.

/// --block-private refuses the address.
[[nodiscard]] Error private_address_error();
/// A kept connection ended under a request that must not be sent twice; libcurl would send it again.
[[nodiscard]] Error lost_connection_error();
/// A kept connection ended under a request, as others did, and the first of these requests could not be sent
/// again.
[[nodiscard]] Error lost_with_others_error();
/// The address did not answer, and there are others.
[[nodiscard]] Error silent_address_error();

}  // namespace leat::http
