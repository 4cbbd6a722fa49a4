#pragma once

#include <map>

#include "engine/async/clock.hpp"
#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/load/poller.hpp"

namespace leat::load {

/// Lets tasks wait for planned times with a precision of microseconds, where the loop's own timers have one
/// of a millisecond. Loop thread only; it outlives its waiters.
class Pacer final : private Poller::User {
 public:
  explicit Pacer(async::EventLoop& loop);
  Pacer(const Pacer&) = delete;
  Pacer& operator=(const Pacer&) = delete;
  ~Pacer() = default;

  /// Waits until `time`, and never ends before it. A cancellation ends it at once.
  async::Task<void> wait_until(async::TimePoint time);

 private:
  using Waits = std::multimap<async::TimePoint, async::Event*>;
  class Wait;

  void on_socket(void* /*tag*/, bool /*hung_up*/) noexcept override {}
  void on_turn(async::TimePoint began) noexcept override;
  void wake(async::TimePoint now) noexcept;

  async::EventLoop& loop_;
  Waits waits_;
  async::TimePoint last_;  // the last time that was waited for
  Poller poller_;          // the last member: it calls the others
};

}  // namespace leat::load
