#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "engine/async/clock.hpp"
#include "engine/redis/client.hpp"
#include "pipelines/state/job.hpp"
#include "pipelines/state/redis/job_calls.hpp"

namespace leat::pipelines {

/// An origin as a script says it: see job_scripts::kHealth.
struct NamedHealth {
  NamedHealth() = default;

  std::string origin;
  OriginHealth health;
};

/// What a script says of an origin, in the time of this process. Nothing if that is something else.
[[nodiscard]] std::optional<NamedHealth> health_of(const redis::Reply& words, async::TimePoint now);

/// Adds what job_scripts::kTellHealth is to be told of an origin.
void add_health(JobCalls::Words& words, const std::string& origin, const OriginHealth& health,
                async::TimePoint now);

}  // namespace leat::pipelines
