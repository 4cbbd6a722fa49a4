#pragma once

#include "engine/http/client.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/spec/bound.hpp"

namespace leat::pipelines {

/// What a stage's arguments say of its fetch. They have been checked; what is not given has its default.
[[nodiscard]] FetchArgs bind_fetch(const BoundStage& stage);

/// Those of them that say how to connect, and what every request has; what is not given stays as it is.
void bind_client(const BoundStage& stage, http::ClientOptions& client);

}  // namespace leat::pipelines
