#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/error.hpp"
#include "engine/http/gate/host_health.hpp"
#include "engine/http/gate/rate.hpp"
#include "engine/http/gate/transfer_progress.hpp"

namespace leat::http {

/// How much may run at once, and how fast it may start.
struct HostGateOptions {
  HostGateOptions() = default;

  std::size_t slots = 32;       // transfers at once
  std::size_t per_host = 0;     // to one origin; 0: as many as slots
  Rate rate;                    // of starts, all together
  Rate per_host_rate;           // of starts to one origin
  std::size_t host_errors = 0;  // failures in a row after which an origin is given up; 0: never
  bool watches_health = true;   // false: every origin is taken to be well, as in a replay
  async::Duration host_down{std::chrono::seconds(60)};  // without an answer, then it is given up; 0: never
  std::function<bool(const std::string& origin)> behind_proxy;  // whether it is; empty: none is
};

/// Decides which transfer starts next: a cap and a rate for all, a cap and a rate for each origin, origins
/// that are parked because they asked for it, and how many an origin of that `HostHealth` is good for.
///
/// Who comes for one origin is served in order, but for probes of one that is doubtful: these are made by the
/// records that were tried least, from both ends of the queue in turn, so that neighbours that are broken do
/// not condemn a host. A free slot goes to the origin that has the fewest transfers running, and among equals
/// they take turns, so that a list that names one slow host a thousand times first does not hold the others
/// back. A source reads on with a vacancy in its hand, that is, a slot that nobody who waits could use; and,
/// where there are several origins, as long as fewer records wait than there are slots, so that there is
/// something to choose from. What is read ahead of an origin that has to wait is bounded by the caller (the
/// look-ahead window). A transfer to an origin that has not let anybody connect for a while holds no slot
/// that others could use. An origin counts as one that answers as soon as a good head has come, however long
/// the body takes.
///
/// What a proxy does (`Error::of_proxy`) says nothing of the origin behind it, but of the proxy, which has a
/// HostHealth of its own: while that is doubtful one probe at a time goes out for all the origins behind it.
///
/// Loop thread only. Outlives its slots, vacancies and waiters. Cancelled waiters leave no trace.
class HostGate {
 public:
  class Slot;
  class Enter;
  class VacancyWait;
  struct HostRow;
  struct Gone;

  HostGate(async::EventLoop& loop, HostGateOptions options);
  HostGate(const HostGate&) = delete;
  HostGate& operator=(const HostGate&) = delete;
  ~HostGate();

  /// `auto vacancy = co_await gate.vacancy();` The right to read on: a slot without an origin yet, or none
  /// where what is read is to wait beside others.
  [[nodiscard]] VacancyWait vacancy() noexcept;
  /// `auto slot = co_await gate.enter(origin, std::move(vacancy));` The right to start a transfer to that
  /// origin now. The vacancy is used if the origin may start at once, else given back. Without one it waits
  /// like everybody else. What it gives is not held if the origin is given up: nothing is to start. `tries`
  /// is how often its record was tried there before.
  [[nodiscard]] Enter enter(std::string origin, Slot vacancy, int tries = 0);
  [[nodiscard]] Enter enter(std::string origin);

  /// Starts nothing to that origin before `until`. What is parked longer already stays so.
  void park(const std::string& origin, async::TimePoint until);

  /// How an attempt at that origin ended that was begun at `begun`. `why` is what went wrong, in the words
  /// for who is not tried any more; null where nothing did.
  void report(const std::string& origin, HostSign sign, PageHistory& page, async::TimePoint begun,
              const Error* why);

  /// A record of that origin has ended; `failed` if that is its server's fault. True if the origin is given
  /// up by that: who waits for it comes back at once, without a slot.
  bool settle(const std::string& origin, bool failed);

  /// Why that origin is given up.
  [[nodiscard]] Gone why_gone(const std::string& origin) const;

  /// Takes one retry from the origin's `RetryBudget`: how long it has to wait until it is there.
  [[nodiscard]] async::Duration take_retry(const std::string& origin);

  /// Fewer slots from now on, never fewer than one: descriptors have run out. True if that changed anything.
  bool lower_slots() noexcept;

  [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  /// How many origins are parked now.
  [[nodiscard]] std::size_t parked() const noexcept;
  /// Transfers that hold no slot, as nobody has connected to their origin for a while.
  [[nodiscard]] std::size_t silent() const noexcept { return silent_; }
  /// There is a slot, and who wants it, but the rate of all lets nothing start yet.
  [[nodiscard]] bool rate_holds() const noexcept;
  /// Every origin that runs, waits, is parked or doubtful; or those alone that are doubtful.
  [[nodiscard]] std::vector<HostRow> table(bool only_doubtful = false) const;

 private:
  struct Host;
  struct TurnTag;
  class Alarm;
  class Turns;

  Host& host_of(const std::string& origin);
  void place(Host& host);
  [[nodiscard]] bool can_start(const Host& host, async::TimePoint now) const noexcept;
  [[nodiscard]] bool reads_ahead() const noexcept;
  [[nodiscard]] bool rate_allows(async::TimePoint now);
  void count_start(Host& host, Slot& slot, async::TimePoint now) noexcept;
  void dispatch();
  void leave(const Slot& slot) noexcept;
  void tell(Host& host, HostSign sign, PageHistory& page, async::TimePoint begun, const Error* why);
  void place_proxied();
  void look_at_unproven(Host& host);
  void uncount(Host& host) noexcept;
  void count_again(Host& host) noexcept;
  void grant(Host& host, async::TimePoint now);
  void give_up(Host& host);
  void sweep();

  async::EventLoop& loop_;
  HostGateOptions options_;
  std::size_t slots_;
  std::size_t taken_ = 0;
  std::size_t silent_ = 0;  // transfers that are not among those
  std::size_t waiting_ = 0;
  std::unique_ptr<Turns> turns_;  // hosts that could start something now
  std::unordered_map<std::string, std::unique_ptr<Host>> hosts_;
  std::unique_ptr<Host> proxy_;  // null: no origin is behind one
  std::size_t sweep_at_;
  async::IntrusiveList<VacancyWait, async::ReadyTag> vacancies_;
  std::unique_ptr<Alarm> alarm_;  // for the rate of all
};

/// A slot of the gate, with or without an origin; given back when destroyed.
class HostGate::Slot {
 public:
  Slot() noexcept = default;
  Slot(Slot&& other) noexcept
      : gate_(std::exchange(other.gate_, nullptr)),
        host_(other.host_),
        is_probe_(other.is_probe_),
        is_proxy_probe_(other.is_proxy_probe_) {}
  Slot& operator=(Slot&& other) noexcept {
    Slot old(std::move(*this));
    gate_ = std::exchange(other.gate_, nullptr);
    host_ = other.host_;
    is_probe_ = other.is_probe_;
    is_proxy_probe_ = other.is_proxy_probe_;
    return *this;
  }
  ~Slot() { reset(); }
  [[nodiscard]] bool held() const noexcept { return gate_ != nullptr; }
  void reset() noexcept {
    if (auto* gate = std::exchange(gate_, nullptr)) gate->leave(*this);
  }
  /// Is told what the transfer comes to while it runs; null without an origin. It outlives the slot.
  [[nodiscard]] TransferProgress* progress() const noexcept;

 private:
  friend class HostGate;
  Slot(HostGate& gate, Host* host) noexcept : gate_(&gate), host_(host) {}
  HostGate* gate_ = nullptr;
  Host* host_ = nullptr;
  bool is_probe_ = false;        // of its origin
  bool is_proxy_probe_ = false;  // of the proxy before it
};

class HostGate::Enter final : public async::Waiter {
 public:
  Enter(HostGate& gate, std::string origin, Slot vacancy, int tries)
      : gate_(gate), origin_(std::move(origin)), slot_(std::move(vacancy)), tries_(tries) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "host")) return false;
    if (try_enter()) return false;
    suspend();
    join_queue();
    return true;
  }
  Slot await_resume() {
    check();
    return std::move(slot_);
  }

 private:
  friend class HostGate;
  bool try_enter();
  void join_queue();
  void on_cancel() noexcept override;

  HostGate& gate_;
  std::string origin_;
  Slot slot_;
  int tries_;
  Host* host_ = nullptr;  // whose queue it stands in
};

class HostGate::VacancyWait final : public async::Waiter {
 public:
  explicit VacancyWait(HostGate& gate) noexcept : gate_(gate) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "slot")) return false;
    suspend();
    gate_.vacancies_.push_back(*this);
    gate_.dispatch();
    return true;
  }
  Slot await_resume() {
    check();
    return std::move(slot_);
  }

 private:
  friend class HostGate;
  HostGate& gate_;
  Slot slot_;
};

struct HostGate::HostRow {
  std::string origin;
  std::size_t running = 0;
  std::size_t waiting = 0;
  async::TimePoint parked_until{};  // in the past: not parked
  bool is_doubtful = false;
  async::TimePoint since{};       // that it is doubtful
  async::TimePoint next_probe{};  // of one that is
};

/// Why nothing starts there any more.
struct HostGate::Gone {
  bool is_down = false;  // it has answered nothing for `host_down`, else its records failed in a row
  Error last;            // of its failures
};

inline HostGate::VacancyWait HostGate::vacancy() noexcept { return VacancyWait(*this); }
inline HostGate::Enter HostGate::enter(std::string origin, Slot vacancy, int tries) {
  return Enter(*this, std::move(origin), std::move(vacancy), tries);
}
inline HostGate::Enter HostGate::enter(std::string origin) { return enter(std::move(origin), Slot()); }

}  // namespace leat::http
