#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/text/text_map.hpp"

namespace leat::http {

/// Lets one request at a time find out whether a server that has ended its kept connections takes new ones.
///
/// A server that goes away ends all its connections at once, and each request that was lost with one would
/// make a new one in vain. So the first of them goes as a scout, and the others of its origin wait. When a
/// byte of the scout's answer comes, all of them go on; when the scout fails, none does. A slow scout holds
/// the others up for at most `kPatience`; then they go on as well. A scout that is cancelled has found out
/// nothing: the next one goes in its place. Connections end one after the other, so
/// requests that come within `kMemory` after a scout has failed don't go on either.
///
/// Loop thread only. Outlives its scouts and its waiters. Cancelled waiters leave no trace.
class ResendGate {
 public:
  static constexpr std::chrono::milliseconds kPatience{500};
  static constexpr std::chrono::milliseconds kMemory{100};

  class Scout;
  class Enter;

  explicit ResendGate(async::EventLoop& loop) noexcept : loop_(loop) {}
  ResendGate(const ResendGate&) = delete;
  ResendGate& operator=(const ResendGate&) = delete;
  ~ResendGate() = default;

  /// Use as `const bool goes = co_await gate.enter(origin, scout);`. Both arguments outlive the wait, and the
  /// scout must not be out yet. True means that the request may be sent again; it goes as the origin's scout
  /// if there was none.
  [[nodiscard]] Enter enter(std::string_view origin, Scout& scout);

  /// Gives how many origins have a scout or remember a failed one.
  [[nodiscard]] std::size_t origins() const noexcept { return origins_.size(); }

 private:
  class Origin;

  async::EventLoop& loop_;
  text::TextMap<Origin> origins_;
};

/// A transfer's part in the gate. It is released when the transfer has ended by itself; otherwise it is
/// withdrawn.
class ResendGate::Scout {
 public:
  Scout() noexcept = default;
  Scout(const Scout&) = delete;
  Scout& operator=(const Scout&) = delete;
  ~Scout() { withdraw(); }

  [[nodiscard]] bool is_out() const noexcept { return origin_ != nullptr; }
  void answered() noexcept {
    if (origin_ != nullptr) [[unlikely]]
      end(true);
  }
  void release() noexcept {
    if (origin_ != nullptr) [[unlikely]]
      end(false);
  }
  void withdraw() noexcept {
    if (origin_ != nullptr) [[unlikely]]
      give_place();
  }

 private:
  friend class ResendGate;
  void end(bool goes) noexcept;
  void give_place() noexcept;

  Origin* origin_ = nullptr;
};

/// An origin that has a scout.
class ResendGate::Origin final : private async::Timer {
 public:
  Origin(ResendGate& gate, std::string name) : gate_(gate), name_(std::move(name)) {}

  void wait(Enter& waiter) noexcept { waiting_.push_back(waiter); }
  void send(Scout& scout) noexcept;
  /// Lets those who wait go on, or ends their wait in vain. If they go on, the origin is destroyed.
  void end(bool goes) noexcept;
  /// Sends the first of those who wait in the scout's place. If nobody waits, the origin is destroyed.
  void replace_scout() noexcept;
  [[nodiscard]] bool has_failed() const noexcept { return scout_ == nullptr; }

 private:
  void forget() noexcept;
  void on_timer() noexcept override;

  ResendGate& gate_;
  const std::string name_;
  Scout* scout_ = nullptr;  // null if it has failed a moment ago
  async::IntrusiveList<Enter, async::ReadyTag> waiting_;
};

class ResendGate::Enter final : public async::Waiter {
 public:
  Enter(ResendGate& gate, std::string_view origin, Scout& scout) noexcept
      : gate_(gate), name_(origin), scout_(scout) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "scout")) return false;
    if (is_decided()) return false;
    return suspend();
  }
  bool await_resume() const {
    check();
    return goes_;
  }

 private:
  friend class ResendGate;
  bool is_decided();

  ResendGate& gate_;
  std::string_view name_;
  Scout& scout_;
  bool goes_ = true;
};

inline ResendGate::Enter ResendGate::enter(std::string_view origin, Scout& scout) {
  return Enter(*this, origin, scout);
}

}  // namespace leat::http
