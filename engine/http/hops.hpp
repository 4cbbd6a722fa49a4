#pragma once

#include "engine/http/client.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/message/credentials.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// Makes the hop that a request begins with. What it refers to in the request must outlive it.
[[nodiscard]] Hop first_hop(const Request& request, const ClientOptions& options,
                            const Credentials& credentials);

/// Turns `hop` into the one that its answer, a redirect, leads to. The error is redirect_refused, as with
/// `redirect`.
[[nodiscard]] Status next_hop(Hop& hop, const ResponseHead& head, const ClientOptions& options,
                              const Credentials& credentials);

}  // namespace leat::http
