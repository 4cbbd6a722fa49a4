#pragma once

#include <memory>

#include "engine/async/event_loop.hpp"
#include "engine/async/waiter.hpp"

namespace leat::io {

enum class Direction : bool { read, write };

/// Lets tasks wait until one descriptor can be read, or can be written, without blocking.
///
/// It makes the descriptor non-blocking, so the descriptor must not be shared with another process. An end or
/// an error of the other side counts as readiness, too: the read or write that follows reports it. It owns
/// nothing but its watch, and must be destroyed before the descriptor is closed. Loop thread only. Outlives
/// its waiters.
class FdReady {
 public:
  class Wait;

  FdReady(async::EventLoop& loop, int fd, Direction direction);
  FdReady(const FdReady&) = delete;
  FdReady& operator=(const FdReady&) = delete;
  ~FdReady();

  [[nodiscard]] Wait wait() noexcept;

 private:
  struct Watch;

  void arm() noexcept;

  async::WaiterList waiters_;
  std::unique_ptr<Watch> watch_;
};

class FdReady::Wait final : public async::Waiter {
 public:
  explicit Wait(FdReady& ready) noexcept : ready_(ready) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) noexcept {
    if (!begin(handle, "pipe")) return false;
    ready_.waiters_.push_back(*this);
    ready_.arm();
    return suspend();
  }
  [[gnu::always_inline]] void await_resume() const { check(); }

 private:
  FdReady& ready_;
};

inline FdReady::Wait FdReady::wait() noexcept { return Wait(*this); }

}  // namespace leat::io
