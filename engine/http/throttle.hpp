#pragma once

#include <cstdint>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"

namespace leat::http {

struct ThrottledTag;

/// A transfer that may be made to wait by a Throttle.
class Throttled : public async::ListNode<ThrottledTag> {
 public:
  /// Reads on; asks the throttle again for what it then has.
  virtual void go_on() noexcept = 0;

 protected:
  ~Throttled() = default;
};

/// Bounds the bytes that all transfers of a Client receive in a second, together: a token bucket.
///
/// A piece is taken as long as the balance is positive and may make it negative, so that a piece larger than
/// the bucket passes, too. Those who are refused pause and go on in the order in which they were refused.
/// Loop thread only. Outlives its transfers.
class Throttle final : private async::Timer {
 public:
  /// 0: no limit.
  Throttle(async::EventLoop& loop, std::uint64_t bytes_per_second) noexcept;

  /// True: the bytes may be taken. False: the transfer must pause; `go_on` will be called.
  [[nodiscard]] bool take(std::uint64_t bytes, Throttled& transfer);

 private:
  void on_timer() noexcept override;
  void refill() noexcept;
  void arm();

  async::EventLoop& loop_;
  double rate_;     // bytes a nanosecond
  double most_;     // bytes that may be saved up
  double balance_;  // bytes
  async::TimePoint refilled_;
  async::IntrusiveList<Throttled, ThrottledTag> paused_;
  Throttled* serving_ = nullptr;  // whose turn it is: it goes before those that are paused
};

}  // namespace leat::http
