#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/poller.hpp"
#include "engine/load/recorder.hpp"
#include "engine/load/request_book.hpp"
#include "engine/load/turns.hpp"

namespace leat::load {

/// The place for one request at a time, as far as it is the same for every protocol.
struct LoadSlot {
  enum class State : std::uint8_t { free, busy, resting };

  State state = State::free;
  std::uint32_t failures = 0;  // how often in a row it had no connection
  Exchange exchange;
  BodyWatch body;  // for what the plan looks at bodies
};

/// Decides when each slot of a thread sends, rests, times out and ends, over a protocol that a derived class
/// knows.
///
/// A closed loop begins a slot's next request when the last one has ended; an open loop begins one when it is
/// planned and a slot is free. The derived class carries a request from `dispatch` to exactly one of
/// `answered`, `failed` and `abandon`, the first two also from inside `dispatch`. If requests share a
/// connection, it notes in `dispatch` and `abandon` what there is to send and sends it in `send_ready`, so
/// that what is ready together is sent together. Loop thread only. Nothing is allocated for a request.
class SlotDriver : public Driver, protected Poller::User, protected async::TaskScope {
 public:
  SlotDriver(const SlotDriver&) = delete;
  SlotDriver& operator=(const SlotDriver&) = delete;

  async::Task<LoadResult> run(async::TimePoint start) final;
  void stop() noexcept final;

 protected:
  SlotDriver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part);

  /// Is called once for each slot before anything else.
  void add_slot(LoadSlot& slot) {
    if (plan_.judges) slot.body.judge_by(plan_.judges());
    slots_.push_back(&slot);
  }

  /// Sends the slot's request, which has just begun; `exchange` says when and to which target.
  virtual void dispatch(LoadSlot& slot) noexcept = 0;
  /// Forgets the slot's request, which took too long or is left at the end, and completes its `exchange`.
  virtual void abandon(LoadSlot& slot) noexcept = 0;
  /// Receives more from where it was not fair to the others to receive all.
  virtual void receive_rest() noexcept = 0;
  [[nodiscard]] virtual bool has_rest() const noexcept = 0;
  /// Sends what the calls since the last time have made ready.
  virtual void send_ready() noexcept = 0;

  /// The request was answered; `exchange` is complete.
  void answered(LoadSlot& slot) noexcept;
  /// The request has failed now. A slot that had no connection pauses, so that a dead server costs little.
  void failed(LoadSlot& slot, const Error& why, bool had_connection) noexcept;

  /// Waits for `preparation_is_over`, or for three seconds; then ends the tasks that are left.
  async::Task<void> finish_preparation();
  void preparation_is_over() noexcept { prepared_.set(); }
  void do_what_is_due(async::TimePoint now) noexcept;

  [[nodiscard]] bool is_open() const noexcept { return plan_.mode == LoadPlan::Mode::open; }

  async::EventLoop& loop_;
  const LoadPlan& plan_;
  RequestBook book_;
  Recorder recorder_;
  async::TimePoint now_;  // the time of the last look at the clock

 private:
  struct Rest {
    async::TimePoint until;
    LoadSlot* slot;
    [[nodiscard]] bool operator<(const Rest& other) const noexcept { return until > other.until; }
  };
  enum class Hurry : std::uint8_t { none, drain, now };

  void begin_slots() noexcept;
  void next(LoadSlot& slot, async::TimePoint now) noexcept;
  void begin(LoadSlot& slot, async::TimePoint planned, async::TimePoint now) noexcept;
  void rest(LoadSlot& slot, async::TimePoint until) noexcept;
  void on_turn(async::TimePoint began) noexcept final;
  void on_end(async::TaskState& task) noexcept final;
  async::Task<void> end_tasks();
  void send_what_is_planned(async::TimePoint now) noexcept;
  void wake_rested(async::TimePoint now) noexcept;
  void end_overdue(async::TimePoint now) noexcept;
  void end_if_over(async::TimePoint now) noexcept;
  void wake_in_time(async::TimePoint now) noexcept;

  Turns turns_;
  std::vector<LoadSlot*> slots_;
  std::size_t first_slot_;       // the number of the first of them among all threads' slots
  std::vector<LoadSlot*> free_;  // slots of an open loop with nothing to do
  std::vector<Rest> resting_;    // a heap
  std::size_t in_flight_ = 0;
  async::TimePoint last_planned_;  // the planned time of the last request that was sent
  async::TimePoint next_scan_;
  async::TimePoint drained_ = async::TimePoint::max();  // from then on nothing is waited for
  async::TimePoint start_;                              // the start of the run, once it is known
  bool running_ = false;
  Hurry hurry_ = Hurry::none;
  async::Event prepared_;
  async::Event begun_;
  async::Event ended_;
  std::optional<async::Event> all_gone_;  // the scope of the tasks that connect

 protected:
  Poller poller_;  // the last member: it calls the others
};

}  // namespace leat::load
