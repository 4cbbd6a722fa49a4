#pragma once

#include <cstdint>
#include <memory>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"

namespace leat::load {

/// Watches many sockets and one point in time for a thread that does little else: an epoll set of its own,
/// edge-triggered, behind one uv_poll of the loop.
///
/// A uv_poll for each socket costs a callback through libuv for each event, and system calls to change what
/// is wanted; here a socket is added once, for reading and writing, and an event means that something has
/// changed since the last one. Time is a timerfd, because libuv's timers have a grain of a millisecond. As
/// long as there are events they are taken in turns of up to a millisecond before the loop has its own.
///
/// Loop thread only; destroyed inside the loop's life, outside of its user's functions.
class Poller {
 public:
  /// The one that is told of events.
  class User {
   public:
    /// Something may be received or sent. `tag` may be of a socket that was closed in this very turn.
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

  /// A socket that is closed goes by itself. False: no memory.
  [[nodiscard]] bool add(int fd, void* tag) noexcept;
  /// There will be a turn then at the latest. In the past: soon. TimePoint::max(): none.
  void wake_at(async::TimePoint time) noexcept;
  /// The same, but not late by what a core takes to wake up (5 to 100 us): the timer goes off that much
  /// ahead, as it has turned out to be late, and the rest is waited for awake, while sockets are still looked
  /// at. That takes a tenth of `gap` at most, which is how often there is such a time; where it is more, as
  /// `wake_at`.
  void wake_exactly_at(async::TimePoint time, async::TimePoint now, async::Duration gap) noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::load
