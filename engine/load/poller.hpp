#pragma once

#include <cstdint>
#include <memory>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"

namespace leat::load {

/// Watches many sockets and one point in time for a thread that does little else: it has an epoll set of its
/// own, edge-triggered, behind one uv_poll of the loop.
///
/// A uv_poll for each socket would cost a callback through libuv for each event, and system calls to change
/// what is wanted. Here a socket is added once, for reading and writing, and an event means that something
/// has changed since the last one. The time is a timerfd, because libuv's timers have a precision of a
/// millisecond. As long as there are events, they are handled in turns of up to a millisecond before the loop
/// has its own turn. Loop thread only. It is destroyed while the loop lives, and not inside its user's
/// functions.
class Poller {
 public:
  /// The one that is told of events.
  class User {
   public:
    /// Something may be received or sent. `tag` may be that of a socket which was closed in this very turn.
    virtual void on_socket(void* tag, bool hung_up) noexcept = 0;
    /// Is called after the events that were there together; `began` is when they were fetched.
    virtual void on_turn(async::TimePoint began) noexcept = 0;

   protected:
    ~User() = default;
  };

  Poller(async::EventLoop& loop, User& user);
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  ~Poller();

  /// A socket that is closed is removed by itself. False if there is no memory.
  [[nodiscard]] bool add(int fd, void* tag) noexcept;
  /// There will be a turn at this time at the latest. A time in the past means soon, and TimePoint::max()
  /// means none.
  void wake_at(async::TimePoint time) noexcept;
  /// Does the same without the delay with which a core wakes up (5 to 100 us): the timer goes off earlier by
  /// the time that it has turned out to be late, and the rest is waited for without sleep, while sockets are
  /// still looked at. That takes at most a tenth of `gap`, which is how often there is such a time; if it
  /// would take more, this is the same as `wake_at`.
  void wake_exactly_at(async::TimePoint time, async::TimePoint now, async::Duration gap) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::load
