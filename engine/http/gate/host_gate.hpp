#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
#include "engine/text/text_map.hpp"

namespace leat::http {

/// How much may run at once, and how fast it may start.
struct HostGateOptions {
  HostGateOptions() = default;

  std::size_t slots = 32;       // transfers at once
  std::size_t per_host = 0;     // to one origin; 0 means as many as `slots`
  std::size_t parts = 1;        // of one origin, each of which has a share of that: see host_parts
  Rate rate;                    // of all starts together
  Rate per_host_rate;           // of starts to one origin
  std::size_t host_errors = 0;  // after so many failures in a row an origin is given up; 0 means never
  bool watches_health = true;   // if false, every origin is taken to be well, as in a replay
  // An origin that has not answered for so long is given up; 0 means never.
  async::Duration host_down{std::chrono::seconds(60)};
  // Told whenever an origin is found to be doubtful, down or well again, and after each probe of a doubtful
  // one; not what is found out about a proxy. See `doubt_of`.
  std::function<void(std::string_view origin)> health_changed;
  // Says whether an origin is behind the proxy; empty if none is.
  std::function<bool(std::string_view origin)> behind_proxy;
};

/// Decides which transfer starts next. It knows a cap and a rate for all, a cap and a rate for each origin,
/// which origins are parked because they asked for it, and from their `HostHealth` how many transfers an
/// origin can take.
///
/// Those who wait for one origin are served in order, except for the probes of a doubtful origin: these are
/// made by the records that were tried least, from both ends of the queue in turn, so that broken neighbours
/// in a list do not condemn a host. A free slot goes to the origin that has the fewest transfers running;
/// equals take turns. So a list that first names one slow host a thousand times does not hold the others
/// back.
///
/// A source reads on when it holds a vacancy, that is, a slot that nobody who waits could use. If there are
/// several origins, it also reads on as long as fewer records wait than there are slots, so that there is
/// something to choose from. The caller bounds what is read ahead of an origin that has to wait (the
/// look-ahead window). Transfers to an origin that has not let anybody connect for a while hold no slots that
/// others could use. An origin counts as one that answers as soon as a good head has come, however long the
/// body takes.
///
/// What a proxy does (`Error::of_proxy`) says nothing about the origin behind it, only about the proxy, which
/// has a HostHealth of its own: while that is doubtful, one probe at a time goes out for all the origins
/// behind it.
///
/// If origins are in parts, whoever enters says which part it belongs to. Those of a part whose share of the
/// cap is in use wait until one of them leaves, and then join those who wait for the origin. All else holds
/// for the origin as a whole.
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

  /// `auto vacancy = co_await gate.vacancy();` gives the right to read on. It is a slot without an origin
  /// yet, or it holds no slot if what is read is to wait beside others.
  [[nodiscard]] VacancyWait vacancy() noexcept;
  /// `auto slot = co_await gate.enter(origin, std::move(vacancy));` gives the right to start a transfer to
  /// that origin now. The vacancy is used if the origin may start at once, else it is given back. Without one
  /// it waits like everybody else. The slot is not held if the origin is given up; then nothing may start.
  /// `tries` says how often the record was tried there before, and `part` to which part of the origin it
  /// belongs.
  [[nodiscard]] Enter enter(std::string_view origin, Slot vacancy, int tries = 0, std::size_t part = 0);
  [[nodiscard]] Enter enter(std::string_view origin);

  /// Starts nothing to that origin before `until`. An origin that is parked for longer stays so.
  void park(std::string_view origin, async::TimePoint until);

  /// Two starts to that origin are at least so far apart from now on, while the gate remembers the origin,
  /// which it does as long as something runs or waits there. So whoever enters says it each time.
  void space_starts(std::string_view origin, async::Duration apart);

  /// Reports how an attempt at that origin ended that was started at `begun`. `why` is what went wrong, in
  /// the words for records that will no longer be tried; it is null if nothing did.
  void report(std::string_view origin, HostSign sign, PageHistory& page, async::TimePoint begun,
              const Error* why);

  /// Reports that a record of that origin has ended; `failed` says that this is its server's fault. Gives
  /// true if the origin is given up because of it: then those who wait for it come back at once without a
  /// slot.
  bool settle(std::string_view origin, bool failed);

  /// Says why that origin is given up.
  [[nodiscard]] Gone why_gone(std::string_view origin) const;

  /// Gives what is known of an origin that is doubtful or down; nothing of another one.
  [[nodiscard]] std::optional<HostDoubt> doubt_of(std::string_view origin) const;
  /// Another process has found that out about the origin, and that was the last of its failures. It is no
  /// news for `health_changed`.
  void take_over(std::string_view origin, const HostDoubt& doubt, const Error& last);
  /// Another process has had a good answer there: a doubtful origin is asked again now.
  void hear_good(std::string_view origin);
  /// Says whether it remembers anything of that origin.
  [[nodiscard]] bool knows(std::string_view origin) const;

  /// Takes one retry from the origin's `RetryBudget` and says how long the retry has to wait until it is due.
  [[nodiscard]] async::Duration take_retry(std::string_view origin);

  /// Lowers the number of slots, never below one, because descriptors have run out. Gives true if that
  /// changed anything.
  bool lower_slots() noexcept;

  [[nodiscard]] std::size_t slots() const noexcept { return slots_; }
  [[nodiscard]] std::size_t taken() const noexcept { return taken_; }
  [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }
  /// Gives how many origins are parked now.
  [[nodiscard]] std::size_t parked() const noexcept;
  /// Gives how many transfers hold no slot because nobody has connected to their origin for a while.
  [[nodiscard]] std::size_t silent() const noexcept { return silent_; }
  /// Says whether a slot is free and wanted, but the rate of all lets nothing start yet.
  [[nodiscard]] bool rate_holds() const noexcept;
  /// Gives every origin that has something running or waiting or is parked or doubtful; or the doubtful ones
  /// only.
  [[nodiscard]] std::vector<HostRow> table(bool only_doubtful = false) const;

 private:
  struct Host;
  struct TurnTag;
  class Alarm;
  class Turns;

  Host& host_of(std::string_view origin);
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
  void tell_change(const Host& host) const;
  void sweep();

  async::EventLoop& loop_;
  HostGateOptions options_;
  std::size_t slots_;
  std::size_t taken_ = 0;
  std::size_t silent_ = 0;  // transfers that taken_ doesn't count
  std::size_t waiting_ = 0;
  std::unique_ptr<Turns> turns_;  // hosts that could start something now
  text::TextMap<Host> hosts_;
  std::unique_ptr<Host> proxy_;  // null if no origin is behind one
  std::size_t sweep_at_;
  async::IntrusiveList<VacancyWait, async::ReadyTag> vacancies_;
  std::unique_ptr<Alarm> alarm_;  // for the rate of all
};

/// A slot of the gate, with or without an origin. Its destructor gives it back.
class HostGate::Slot {
 public:
  Slot() noexcept = default;
  Slot(Slot&& other) noexcept
      : gate_(std::exchange(other.gate_, nullptr)),
        host_(other.host_),
        part_(other.part_),
        is_probe_(other.is_probe_),
        is_proxy_probe_(other.is_proxy_probe_) {}
  Slot& operator=(Slot&& other) noexcept {
    Slot old(std::move(*this));
    gate_ = std::exchange(other.gate_, nullptr);
    host_ = other.host_;
    part_ = other.part_;
    is_probe_ = other.is_probe_;
    is_proxy_probe_ = other.is_proxy_probe_;
    return *this;
  }
  ~Slot() { reset(); }
  [[nodiscard]] bool held() const noexcept { return gate_ != nullptr; }
  void reset() noexcept {
    if (auto* gate = std::exchange(gate_, nullptr)) gate->leave(*this);
  }
  /// Gives where to write how far the transfer has come while it runs; null without an origin. It outlives
  /// the slot.
  [[nodiscard]] TransferProgress* progress() const noexcept;
  /// Gives the part of its origin that it was entered for.
  [[nodiscard]] std::size_t part() const noexcept { return part_; }

 private:
  friend class HostGate;
  Slot(HostGate& gate, Host* host) noexcept : gate_(&gate), host_(host) {}
  HostGate* gate_ = nullptr;
  Host* host_ = nullptr;
  std::uint8_t part_ = 0;
  bool is_probe_ = false;        // for its origin
  bool is_proxy_probe_ = false;  // for the proxy before it
};

class HostGate::Enter final : public async::Waiter {
 public:
  Enter(HostGate& gate, Host& host, Slot vacancy, int tries, std::size_t part) noexcept
      : gate_(gate),
        host_(host),
        slot_(std::move(vacancy)),
        tries_(tries),
        part_(static_cast<std::uint8_t>(part)) {}
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
  Host& host_;
  Slot slot_;
  int tries_;
  std::uint8_t part_;
  bool is_queued_ = false;  // it counts as one that waits
  bool has_share_ = false;  // it has its part of the cap, if there are parts, and waits for the origin
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
  async::TimePoint parked_until{};  // in the past if it is not parked
  bool is_doubtful = false;
  async::TimePoint since{};       // since when a doubtful one has not answered well
  async::TimePoint next_probe{};  // when it is doubtful
};

/// Says why nothing starts at an origin any more.
struct HostGate::Gone {
  bool is_down = false;  // it has not answered for `host_down`; else its records failed in a row
  Error last;            // the last of its failures
};

inline HostGate::VacancyWait HostGate::vacancy() noexcept { return VacancyWait(*this); }
inline HostGate::Enter HostGate::enter(std::string_view origin, Slot vacancy, int tries, std::size_t part) {
  return Enter(*this, host_of(origin), std::move(vacancy), tries, part % options_.parts);
}
inline HostGate::Enter HostGate::enter(std::string_view origin) { return enter(origin, Slot()); }

}  // namespace leat::http
