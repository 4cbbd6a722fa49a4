#pragma once

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"
#include "engine/async/timer_queue.hpp"

namespace leat::async {

/// Sets an Event when a time has passed, unless it is destroyed before.
///
/// Whatever else is due in the same tick comes first: the deadline lets everything that is ready have its
/// turn, up to kGrace times in a row. So a value that arrives in that tick beats the deadline even if it
/// passes through several tasks. Loop thread only.
class Deadline final : private Timer, private Runnable {
 public:
  Deadline(EventLoop& loop, Duration delay, Event& event) : loop_(loop), event_(event) {
    loop_.arm_after(*this, delay);
  }

 private:
  static constexpr int kGrace = 8;

  void on_timer() noexcept override { loop_.schedule(*this); }
  void run() noexcept override {
    if (loop_.has_ready() && grace_-- > 0) {
      loop_.schedule(*this);
      return;
    }
    event_.set();
  }

  EventLoop& loop_;
  Event& event_;
  int grace_ = kGrace;
};

}  // namespace leat::async
