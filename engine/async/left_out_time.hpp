#pragma once

#include <chrono>

#include "engine/async/clock.hpp"

namespace leat::async {

/// The time that the loops of one thread leave out of `EventLoop::now`, because the thread was held in it.
///
/// It is for a thread that measures and that somebody stops for a while: its timers wait for what is left of
/// their time afterwards, and what it measures is as if that time had not passed. Other clocks go on. Each
/// thread has its own, which is empty at first; loops with a clock of their own don't look at it.
struct LeftOutTime {
  Duration sum{0};  // to be added to a time of this thread's loops for a clock of the system
  TimePoint last = TimePoint::min();  // the time at which the thread's clock stood still last

  /// Leaves out what has passed since `began`, a time of the system's clock at which this thread did no more.
  void add_since(TimePoint began) noexcept {
    last = began - sum;
    sum += std::chrono::steady_clock::now() - began;
  }
};

inline thread_local constinit LeftOutTime left_out_time;

}  // namespace leat::async
