#pragma once

#include <cstddef>
#include <optional>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/http/tls/wire.hpp"

namespace leat::load {

/// Receives from a thread's connections, and knows when what was received last had come: by the kernel's
/// stamp where it is asked for and to be had, else when it was read. Loop thread only.
class ReceiveClock {
 public:
  ReceiveClock(async::EventLoop& loop, bool stamped) noexcept : loop_(loop), stamped_(stamped) {}

  /// Is called before anything is received from the socket.
  void watch(http::Wire& wire) const noexcept {
    if (stamped_) wire.stamp_arrivals();
  }
  /// Receives as Wire::receive does.
  [[nodiscard]] long receive(http::Wire& wire, char* buffer, std::size_t size) noexcept {
    return stamped_ ? wire.receive_stamped(buffer, size, stamp_) : wire.receive(buffer, size);
  }
  /// Sets `now`. The stamp is a time of day: how long ago that was is all that is taken from it, and where
  /// that clock was set meanwhile, no more than can be, which is `earliest`.
  [[nodiscard]] async::TimePoint time(async::TimePoint earliest, async::TimePoint& now) const noexcept;

 private:
  async::EventLoop& loop_;
  bool stamped_;
  std::optional<std::chrono::nanoseconds> stamp_;
};

}  // namespace leat::load
