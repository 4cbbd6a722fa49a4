#pragma once

#include <memory>

#include "engine/http/client.hpp"
#include "pipelines/flow/run_context.hpp"

namespace leat::pipelines {

/// The jar of a run, for a fetch with those options; null if it keeps no cookies. There is one jar a run, so
/// that who logs in by one fetch is known by the next.
[[nodiscard]] std::shared_ptr<http::CookieJar> cookies_for(const http::ClientOptions& options,
                                                           RunContext& context);

}  // namespace leat::pipelines
