#pragma once

#include <algorithm>

#include "engine/async/clock.hpp"

namespace leat::http {

/// Says when the next start of a steady flow is due: `count` of them in every `per`.
///
/// It is a schedule and not a bucket: each start moves the next one by one interval, so that the rate over a
/// longer time is exact however coarse the timers are. Time in which nothing was started is not made up for,
/// except for `slack`, which covers a late timer.
class Rate {
 private:
  using Precise = std::chrono::duration<double, std::nano>;

 public:
  Rate() noexcept = default;  // no limit
  Rate(double count, async::Duration per, async::Duration slack = std::chrono::milliseconds(20)) noexcept
      : interval_(std::chrono::duration<double, std::nano>(static_cast<double>(per.count()) / count)),
        slack_(slack) {}

  [[nodiscard]] bool limited() const noexcept { return interval_.count() > 0; }
  /// From now on two starts are at least so far apart.
  void slow_to(async::Duration apart) noexcept { interval_ = std::max(interval_, Precise(apart)); }
  [[nodiscard]] bool allows(async::TimePoint now) const noexcept { return !limited() || due() <= now; }
  [[nodiscard]] async::TimePoint due() const noexcept {
    return async::TimePoint(std::chrono::ceil<async::Duration>(next_));
  }
  void start(async::TimePoint now) noexcept {
    if (!limited()) return;
    next_ = std::max(next_, Precise((now - slack_).time_since_epoch())) + interval_;
  }

 private:
  Precise interval_{0};
  Precise next_{0};  // since the clock's epoch
  async::Duration slack_{0};
};

}  // namespace leat::http
