#pragma once

#include <cstddef>
#include <optional>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/http/tls/wire.hpp"

namespace leat::load {

/// Receives from a thread's connections, and knows when the bytes that were received last had come: by the
/// kernel's stamp if it is wanted and available, and else by the time when they were read. Loop thread only.
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
  /// Sets `now`. The stamp is a time of day: only how long ago it was is used, and if that clock was set
  /// meanwhile, never more than is possible, which is `earliest`.
  [[nodiscard]] async::TimePoint time(async::TimePoint earliest, async::TimePoint& now) const noexcept;

 private:
  async::EventLoop& loop_;
  bool stamped_;
  std::optional<std::chrono::nanoseconds> stamp_;
};

}  // namespace leat::load
