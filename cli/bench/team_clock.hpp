#pragma once

#include <chrono>
#include <string>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/redis/client.hpp"

namespace leat::cli {

/// Redis's clock as this process's steady clock tells it. It is asked several times, and the answer counts
/// that took least: the time in it lies somewhere between question and answer, so half of that is the error.
/// A value.
class TeamClock {
 public:
  /// Asks; Redis's errors come back.
  async::Task<Status> measure(redis::Client& client);

  /// When it is that time of Redis's, since 1970.
  [[nodiscard]] async::TimePoint here(std::chrono::microseconds of_redis) const noexcept {
    return async::TimePoint(of_redis - ahead_);
  }
  /// How far this machine's own clock is ahead of Redis's, and how sure that is: "+1.2ms ± 80us".
  [[nodiscard]] std::string text() const;

 private:
  async::Duration ahead_{0};  // of the steady clock
  async::Duration error_{0};
  async::Duration offset_{0};  // of this machine's clock
};

}  // namespace leat::cli
