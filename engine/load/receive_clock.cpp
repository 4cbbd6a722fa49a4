#include "engine/load/receive_clock.hpp"

#include <algorithm>

#include "engine/async/left_out_time.hpp"

namespace leat::load {

async::TimePoint ReceiveClock::time(async::TimePoint earliest, async::TimePoint& now) const noexcept {
  if (!stamp_) return now = loop_.now();
  const async::Duration today = std::chrono::system_clock::now().time_since_epoch();
  now = loop_.now();  // afterwards: a thread that is stopped here reports a time that is too late, never too
                      // early
  // What came before or while this thread was held came at that moment: how long it was held is in the stamp.
  const async::TimePoint possible = std::max(earliest, async::left_out_time.last);
  return std::clamp(now - (today - *stamp_), std::min(possible, now), now);
}

}  // namespace leat::load
