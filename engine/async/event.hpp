#pragma once

#include "engine/async/waiter.hpp"

namespace leat::async {

/// A one-shot signal: once it is set, all who wait go on in the order in which they came, and nobody waits
/// again.
///
///     Event ready;
///     spawn(serve(ready));          // calls ready.set() once it listens
///     co_await ready.wait();
///
/// Who is cancelled while waiting leaves without a trace. Loop thread only. Outlives its waiters.
class Event {
 public:
  class Wait;

  Event() noexcept = default;
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  void set() noexcept;
  [[nodiscard]] Wait wait() noexcept;

 private:
  WaiterList waiters_;
  bool set_ = false;
};

class Event::Wait final : public Waiter {
 public:
  explicit Wait(Event& event) noexcept : event_(event) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "event")) return false;
    if (event_.set_) return ready();
    event_.waiters_.push_back(*this);
    return suspend();
  }
  [[gnu::always_inline]] void await_resume() const { check(); }

 private:
  Event& event_;
};

inline void Event::set() noexcept {
  set_ = true;
  while (!waiters_.empty()) waiters_.front().wake();
}

inline Event::Wait Event::wait() noexcept { return Wait(*this); }

}  // namespace leat::async
