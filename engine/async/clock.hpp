#pragma once

#include <chrono>

namespace leat::async {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// Gives `time + delay` without overflow: Duration::max() means "never".
[[nodiscard]] constexpr TimePoint later(TimePoint time, Duration delay) noexcept {
  const bool overflows = time.time_since_epoch() > Duration::zero() && delay > TimePoint::max() - time;
  return overflows ? TimePoint::max() : time + delay;
}

[[nodiscard]] constexpr double in_seconds(Duration duration) noexcept {
  return std::chrono::duration<double>(duration).count();
}

[[nodiscard]] constexpr Duration from_seconds(double seconds) noexcept {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
}

/// A clock for tests: it moves only when it is told to.
///
/// An EventLoop that has such a clock jumps to the next timer wherever it would otherwise wait for it. So
/// hours of sleeping take microseconds, and no test depends on the machine's speed. Loop thread only.
class ManualClock {
 public:
  [[nodiscard]] TimePoint now() const noexcept { return now_; }
  void advance_to(TimePoint time) noexcept {
    if (time > now_) now_ = time;
  }
  void advance(Duration by) noexcept { now_ += by; }

 private:
  TimePoint now_{};
};

}  // namespace leat::async
