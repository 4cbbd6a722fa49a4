#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"

namespace leat::http {

/// How many connections may be made at once, and for how long each of them counts.
struct ConnectRampOptions {
  ConnectRampOptions() = default;

  std::size_t at_once = 128;                            // connections that are being made; at least 1
  async::Duration step{std::chrono::milliseconds(50)};  // after this time one no longer counts
};

/// Bounds how many connections are being made at once, so that thousands of transfers do not start with
/// thousands of handshakes. A handshake takes twice the memory of a connection that stands, and a burst of
/// them overflows the connection queues of servers.
///
/// A transfer that may have to connect enters with its permit and gives it back once it is connected. A
/// permit that is kept for longer than `step` comes back by itself, so that hosts that never answer hold
/// nobody up. Origins that wait take turns, so that one with a thousand transfers does not go first with all
/// of them. Entering costs a few instructions as long as there is room.
///
/// Loop thread only. Outlives its permits and its waiters. Cancelled waiters leave no trace.
class ConnectRamp final : private async::Timer {
 public:
  class Permit;
  class Enter;

  ConnectRamp(async::EventLoop& loop, ConnectRampOptions options) noexcept : loop_(loop), options_(options) {}
  ConnectRamp(const ConnectRamp&) = delete;
  ConnectRamp& operator=(const ConnectRamp&) = delete;
  ~ConnectRamp() = default;

  /// Use as `co_await ramp.enter(origin, permit);`. Both arguments outlive the wait, and the permit must not
  /// be held yet.
  [[nodiscard]] Enter enter(std::string_view origin, Permit& permit) noexcept;

  /// Gives how many permits are held.
  [[nodiscard]] std::size_t connecting() const noexcept { return connecting_; }

 private:
  struct HeldTag;
  struct TurnTag;
  struct Line;  // those who wait for one origin

  bool try_take(Permit& permit) noexcept;
  void give_back(Permit& permit) noexcept;
  void join_line(Enter& waiter);
  void let_in() noexcept;
  void on_timer() noexcept override;

  async::EventLoop& loop_;
  ConnectRampOptions options_;
  std::size_t connecting_ = 0;
  async::IntrusiveList<Permit, HeldTag> held_;  // the oldest first
  std::unordered_map<std::string, Line> lines_;
  async::IntrusiveList<Line, TurnTag> turns_;  // holds all of `lines_`
};

/// The right to connect. It is given back by `release`, by its destructor, or by the ramp when its step is
/// over.
class ConnectRamp::Permit final : public async::ListNode<HeldTag> {
 public:
  Permit() noexcept = default;
  ~Permit() { release(); }
  [[nodiscard]] bool held() const noexcept { return is_linked(); }
  void release() noexcept {
    if (is_linked()) ramp_->give_back(*this);
  }

 private:
  friend class ConnectRamp;
  ConnectRamp* ramp_ = nullptr;
  async::TimePoint until_{};
};

class ConnectRamp::Enter final : public async::Waiter {
 public:
  Enter(ConnectRamp& ramp, std::string_view origin, Permit& permit) noexcept
      : ramp_(ramp), origin_(origin), permit_(permit) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "connect")) return false;
    if (ramp_.try_take(permit_)) return false;
    suspend();
    ramp_.join_line(*this);
    return true;
  }
  void await_resume() const { check(); }

 private:
  friend class ConnectRamp;
  ConnectRamp& ramp_;
  std::string_view origin_;
  Permit& permit_;
};

struct ConnectRamp::Line final : async::ListNode<TurnTag> {
  async::IntrusiveList<Enter, async::ReadyTag> waiters;
  const std::string* origin = nullptr;  // its key in lines_
};

inline ConnectRamp::Enter ConnectRamp::enter(std::string_view origin, Permit& permit) noexcept {
  return Enter(*this, origin, permit);
}

inline bool ConnectRamp::try_take(Permit& permit) noexcept {
  if (connecting_ >= options_.at_once) return false;
  ++connecting_;
  permit.ramp_ = this;
  permit.until_ = loop_.turn_time() + options_.step;
  held_.push_back(permit);
  return true;
}

inline void ConnectRamp::give_back(Permit& permit) noexcept {
  permit.unlink();
  --connecting_;
  if (!turns_.empty()) let_in();
}

}  // namespace leat::http
