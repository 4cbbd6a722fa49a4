#pragma once

#include <string_view>

#include "engine/redis/redis_url.hpp"
#include "pipelines/spec/signature.hpp"

namespace leat::pipelines {

/// Where Redis is, if a spec does not say it.
inline constexpr std::string_view kUsualRedis = "redis://localhost:6379/0";

/// The arguments that stages which speak to Redis have in common: the key, at=URL and away=T.
[[nodiscard]] ArgRow redis_key_row(std::string_view help) noexcept;
[[nodiscard]] const ArgRow& redis_at_row() noexcept;
[[nodiscard]] const ArgRow& redis_away_row() noexcept;

}  // namespace leat::pipelines
