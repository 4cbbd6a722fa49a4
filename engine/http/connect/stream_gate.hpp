#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/text/text_map.hpp"

namespace leat::http {

/// Lets the transfers of an origin find out one by one which connections it needs, so that transfers that
/// come together share one connection by HTTP/2 and don't make one each.
///
/// A transfer that can't count on a connection enters first, as the origin's probe, and the others wait until
/// it has said what it found. If it found no HTTP/2, nobody waits any more. If it found a connection to
/// share, the next transfer is tried on it. One that finds no room there makes another connection, and the
/// others wait for that in turn, because only the server's first frames say how many streams it takes. A
/// probe that comes to nothing holds the others up for at most `kPatience`.
///
/// Loop thread only. Outlives its probes and its waiters. Cancelled waiters leave no trace.
class StreamGate {
 public:
  enum class Protocol : std::uint8_t { unknown, one, two };
  static constexpr std::chrono::milliseconds kPatience{500};  // time for a connection to stand
  // Time for the server's first frames once it stands.
  static constexpr std::chrono::milliseconds kSettling{50};

  class Probe;
  class Enter;

  explicit StreamGate(async::EventLoop& loop) noexcept : loop_(loop) {}
  StreamGate(const StreamGate&) = delete;
  StreamGate& operator=(const StreamGate&) = delete;
  ~StreamGate() = default;

  [[nodiscard]] Protocol protocol_of(std::string_view origin) const noexcept;
  /// Reports what a transfer without a probe has found.
  void learn(std::string_view origin, Protocol found);

  /// Use as `co_await gate.enter(origin, probe);`. The probe outlives the wait and must not be out yet. If
  /// the origin has no HTTP/2, it goes on at once and the probe is not used.
  [[nodiscard]] Enter enter(std::string_view origin, Probe& probe);

  [[nodiscard]] std::size_t origins() const noexcept { return origins_.size(); }

 private:
  // When there are so many origins, those that nobody uses are forgotten.
  static constexpr std::size_t kSweepAt = 8192;

  class Origin;
  Origin& at(std::string_view origin);
  void sweep();

  async::EventLoop& loop_;
  text::TextMap<Origin> origins_;
  std::size_t sweep_at_ = kSweepAt;
};

/// A transfer's part in the gate. It says nothing more once it is released.
class StreamGate::Probe {
 public:
  Probe() noexcept = default;
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() { release(); }

  [[nodiscard]] bool is_out() const noexcept { return origin_ != nullptr; }
  /// Reports that the transfer has a connection, a new one or one that was there, with HTTP/2 or without.
  void connected(bool anew, bool http2) noexcept;
  /// Reports that the server has spoken or the transfer has ended.
  void release() noexcept;

 private:
  friend class StreamGate;
  Origin* origin_ = nullptr;
};

class StreamGate::Origin final : private async::Timer {
 public:
  explicit Origin(async::EventLoop& loop) noexcept : loop_(loop) {}

  void take(Probe& probe) noexcept;
  void give_back(Probe& probe) noexcept;
  void settle(Probe& probe) noexcept;
  void learn(Protocol found) noexcept;
  void wait(Enter& waiter) noexcept { waiting_.push_back(waiter); }

  [[nodiscard]] Protocol protocol() const noexcept { return protocol_; }
  [[nodiscard]] bool has_room() const noexcept { return probe_ == nullptr; }
  [[nodiscard]] bool is_idle() const noexcept { return probes_ == 0 && waiting_.empty(); }

 private:
  void let_next_in() noexcept;
  void on_timer() noexcept override;

  async::EventLoop& loop_;
  Protocol protocol_ = Protocol::unknown;
  Probe* probe_ = nullptr;  // the one that the others wait for
  std::size_t probes_ = 0;  // those that are out, including those that nobody waits for any more
  async::IntrusiveList<Enter, async::ReadyTag> waiting_;
};

class StreamGate::Enter final : public async::Waiter {
 public:
  Enter(Origin& origin, Probe& probe) noexcept : origin_(origin), probe_(probe) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "connection to share")) return false;
    if (origin_.protocol() == Protocol::one) return false;
    if (origin_.has_room()) {
      origin_.take(probe_);
      return false;
    }
    suspend();
    origin_.wait(*this);
    return true;
  }
  void await_resume() const { check(); }

 private:
  friend class StreamGate;
  Origin& origin_;
  Probe& probe_;
};

}  // namespace leat::http
