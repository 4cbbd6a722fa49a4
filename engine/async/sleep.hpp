#pragma once

#include "engine/async/event_loop.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// An awaitable that suspends the task until a time. Cancelling it takes its timer away at once.
class Sleep final : public Waiter, private Timer {
 public:
  explicit Sleep(TimePoint until) noexcept : until_(until) {}

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "sleep")) return false;
    task().loop().arm(*this, until_);
    return suspend();
  }
  [[gnu::always_inline]] void await_resume() const { check(); }

 private:
  void on_timer() noexcept override { wake(); }
  void on_cancel() noexcept override { disarm(); }

  TimePoint until_;
};

/// Suspends for at least `delay`, which is in effect rounded up to libuv's milliseconds. Zero or less means
/// one turn of the loop, Duration::max() means until it is cancelled. Throws UsageError where no loop runs.
[[nodiscard]] inline Sleep sleep_for(Duration delay) {
  return Sleep(later(EventLoop::current().now(), delay));
}
[[nodiscard]] inline Sleep sleep_until(TimePoint time) { return Sleep(time); }

/// An awaitable that lets everything that is ready now run first, once.
class Yield final : public Waiter {
 public:
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "yield")) return false;
    wake();
    return true;
  }
  [[gnu::always_inline]] void await_resume() const { check(); }
};

[[nodiscard]] inline Yield yield() noexcept { return Yield(); }

}  // namespace leat::async
