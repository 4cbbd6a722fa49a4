#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "engine/async/clock.hpp"
#include "engine/load/arrival_schedule.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::load {

/// How long after the start a slot begins, of all threads' slots, if they begin one after the other.
[[nodiscard]] async::Duration slot_delay(const LoadPlan& plan, std::size_t slot) noexcept;

/// Says when a thread's requests may be sent, and when there are no more: by time, by count, or by a
/// schedule.
///
/// In an open loop, the requests that are due and have not been taken are the queue of those that the cap
/// delays; this takes no memory. It is a value, for one thread.
class Turns {
 public:
  Turns(const LoadPlan& plan, const DriverPart& part);

  void start(async::TimePoint start) noexcept;
  /// From this time on nothing is sent.
  void end_at(async::TimePoint time) noexcept { end_ = std::min(end_, time); }

  /// The measured time; its end is TimePoint::max() if the count decides.
  [[nodiscard]] async::TimePoint begin() const noexcept { return begin_; }
  [[nodiscard]] async::TimePoint end() const noexcept { return end_; }

  /// The time for which the next request is planned; in a closed loop this is now. TimePoint::max() if there
  /// is none.
  [[nodiscard]] async::TimePoint next(async::TimePoint now) const noexcept;
  /// No more will be sent. False while a schedule's last gap passes, which is a part of the time.
  [[nodiscard]] bool over(async::TimePoint now) const noexcept {
    return now >= end_ || (by_count_ && left_ == 0);
  }
  /// Takes that request, and gives its planned time.
  async::TimePoint take(async::TimePoint now) noexcept;
  /// A request that was planned before the end and never taken, if there is any.
  std::optional<async::TimePoint> take_dropped() noexcept;

 private:
  std::optional<ArrivalSchedule> schedule_;  // of an open loop
  async::Duration warmup_;
  async::Duration measured_;
  std::uint64_t left_;  // how many are left, of those that count
  bool by_count_;
  async::TimePoint start_;
  async::TimePoint begin_;
  async::TimePoint end_ = async::TimePoint::max();
};

}  // namespace leat::load
