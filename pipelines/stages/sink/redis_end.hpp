#pragma once

#include <chrono>
#include <string>

#include "engine/async/clock.hpp"
#include "pipelines/options/redis_rows.hpp"
#include "pipelines/stages/sink/write.hpp"

namespace leat::pipelines {

class StageRow;

/// redis as an end: an entry of a stream for each record, with what `write` would print as its field `line`.
struct RedisEndArgs {
  std::string key;
  std::string at{kUsualRedis};
  WriteArgs line;  // what is said of a record, and how
  async::Duration away{std::chrono::minutes(1)};
};
[[nodiscard]] const StageRow& row_of(const RedisEndArgs& args) noexcept;

}  // namespace leat::pipelines
