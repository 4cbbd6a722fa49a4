#include "engine/load/receive_clock.hpp"

#include <algorithm>

namespace leat::load {

async::TimePoint ReceiveClock::time(async::TimePoint earliest, async::TimePoint& now) const noexcept {
  if (!stamp_) return now = loop_.now();
  const async::Duration today = std::chrono::system_clock::now().time_since_epoch();
  now = loop_.now();  // afterwards: a thread that is stopped here reports a time that is too late, never too
                      // early
  return std::clamp(now - (today - *stamp_), std::min(earliest, now), now);
}

}  // namespace leat::load
