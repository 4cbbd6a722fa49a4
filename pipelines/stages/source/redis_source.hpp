#pragma once

#include <chrono>
#include <string>

#include "engine/async/clock.hpp"
#include "pipelines/options/redis_rows.hpp"

namespace leat::pipelines {

class StageRow;

/// redis as a source: a record for each entry of a stream, shared with all who read it in the same group.
struct RedisSourceArgs {
  std::string key;
  std::string at{kUsualRedis};
  std::string group = "leat";
  async::Duration idle{0};  // it ends when no entry has come for so long; max(): never
  async::Duration claim{std::chrono::minutes(1)};
  async::Duration away{std::chrono::minutes(1)};
};
[[nodiscard]] const StageRow& row_of(const RedisSourceArgs& args) noexcept;

}  // namespace leat::pipelines
