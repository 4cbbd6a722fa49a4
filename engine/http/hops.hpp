#pragma once

#include "engine/http/client.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/message/credentials.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"

namespace leat::http {

/// The hop that a request begins with. It refers to the request, which outlives it.
[[nodiscard]] Hop first_hop(const Request& request, const ClientOptions& options,
                            const Credentials& credentials);

/// Turns `hop` into the one that its answer, a redirect, leads to; redirect_refused as in `redirect`.
[[nodiscard]] Status next_hop(Hop& hop, const ResponseHead& head, const ClientOptions& options,
                              const Credentials& credentials);

}  // namespace leat::http
