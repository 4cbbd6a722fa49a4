#pragma once

#include <cstdint>
#include <memory>

#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/http/connect/byte_rate.hpp"

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

/// Makes the transfers of one Client wait as its ByteRate asks, which it may share with others.
///
/// Those who are refused pause and go on in the order in which they were refused; between threads that share
/// a rate, whoever asks first. Loop thread only. Outlives its transfers.
class Throttle final : private async::Timer {
 public:
  Throttle(async::EventLoop& loop, std::shared_ptr<ByteRate> rate) noexcept;

  /// True: the bytes may be taken. False: the transfer must pause; `go_on` will be called.
  [[nodiscard]] bool take(std::uint64_t bytes, Throttled& transfer);

 private:
  void on_timer() noexcept override;
  void arm(async::Duration wait);

  async::EventLoop& loop_;
  std::shared_ptr<ByteRate> rate_;
  async::IntrusiveList<Throttled, ThrottledTag> paused_;
  Throttled* serving_ = nullptr;  // whose turn it is: it goes before those that are paused
};

}  // namespace leat::http
