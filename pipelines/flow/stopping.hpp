#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/task.hpp"
#include "engine/async/task_state.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/error.hpp"

namespace leat::pipelines {

struct InFlightTag;
struct Record;

/// The tasks of a run that wait for something outside of it: transfers that run, transfers that wait for
/// their next attempt, and work that libjq or a command does. It knows how to end them. Outlives its entries.
/// Loop thread only.
class InFlight {
 public:
  /// Is held by the task of a record, or of a stage, for as long as the run may cancel that task. A cancelled
  /// task ends its record as cancelled and passes it on.
  class Entry : public async::ListNode<InFlightTag> {
   public:
    /// Is called inside the task.
    explicit Entry(InFlight& owner) : owner_(owner), task_(async::EventLoop::current().current_task()) {
      owner_.entries_.push_back(*this);
    }
    ~Entry() { set(State::idle); }

    void started(async::TimePoint now) noexcept {
      since_ = now;
      set(State::running);
    }
    void parked() noexcept { set(State::parked); }
    void idle() noexcept { set(State::idle); }
    /// Says that it may never come to an end by itself.
    void never_ends() noexcept { endless_ = true; }

    /// Says which transfer this is: how much of its body is there, and of how much (0: unknown). All outlive
    /// the entry.
    void show(const Record& record, const std::atomic<std::uint64_t>& received,
              const std::atomic<std::uint64_t>& total) noexcept {
      record_ = &record;
      received_ = &received;
      total_ = &total;
    }
    [[nodiscard]] const Record* record() const noexcept { return record_; }
    [[nodiscard]] std::uint64_t received() const noexcept {
      return received_->load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::uint64_t total() const noexcept { return total_->load(std::memory_order_relaxed); }
    [[nodiscard]] async::TimePoint since() const noexcept { return since_; }

   private:
    friend class InFlight;
    enum class State { idle, running, parked };
    void set(State state) noexcept {
      owner_.running_ += static_cast<std::size_t>(state == State::running) -
                         static_cast<std::size_t>(state_ == State::running);
      owner_.parked_ += static_cast<std::size_t>(state == State::parked) -
                        static_cast<std::size_t>(state_ == State::parked);
      state_ = state;
    }

    InFlight& owner_;
    async::TaskState& task_;
    const Record* record_ = nullptr;
    const std::atomic<std::uint64_t>* received_ = nullptr;
    const std::atomic<std::uint64_t>* total_ = nullptr;
    async::TimePoint since_{};
    State state_ = State::idle;
    bool endless_ = false;
  };

  [[nodiscard]] std::size_t running() const noexcept { return running_; }
  [[nodiscard]] std::size_t parked() const noexcept { return parked_; }

  /// Whether `cancel_all` was called.
  [[nodiscard]] bool over() const noexcept { return over_; }

  /// The transfers that have run longest, the longest first.
  [[nodiscard]] std::vector<const Entry*> longest(std::size_t most) const {
    std::vector<const Entry*> found;
    entries_.for_each([&](const Entry& entry) {
      if (entry.state_ != Entry::State::running || entry.record_ == nullptr) return;
      const auto at = std::upper_bound(found.begin(), found.end(), &entry,
                                       [](const Entry* a, const Entry* b) { return a->since_ < b->since_; });
      if (found.size() == most && at == found.end()) return;
      found.insert(at, &entry);
      if (found.size() > most) found.pop_back();
    });
    return found;
  }

  /// Cancels those that nothing is gained by waiting for: they wait for their next attempt, or may never end.
  void cancel_hopeless() noexcept {
    entries_.for_each([](Entry& entry) {
      if (entry.state_ == Entry::State::parked || entry.endless_) entry.task_.cancel();
    });
  }
  /// Cancels all of them. From now on nothing new may begin.
  void cancel_all() noexcept {
    over_ = true;
    entries_.for_each([](Entry& entry) { entry.task_.cancel(); });
  }

 private:
  async::IntrusiveList<Entry, InFlightTag> entries_;
  std::size_t running_ = 0;
  std::size_t parked_ = 0;
  bool over_ = false;
};

/// The part of a RunContext that says how the run ends, and whether it is ending. Loop thread only.
struct Stopping {
  InFlight in_flight;
  bool stopping = false;    // no transfer starts any more
  bool hurry = false;       // the user has said so twice: nothing is waited for that can be done without
  async::Event ending;      // is set at the same time: a stage that lets records wait lets them go on
  std::string stop_reason;  // the message of the records that are cancelled
  bool source_ended = false;
  Status input_error;  // why the source ended too early: the run fails with it once all that was read is done
  std::function<void(Error)> abort = [](Error) {};  // ends the run with that error
};

inline async::Task<void> until_ending(Stopping& run) { co_await run.ending.wait(); }

/// Sleeps, but no longer than until the run is to end: a record that only waits goes on then.
inline async::Task<void> pause(Stopping& run, async::Duration time) {
  if (time.count() <= 0 || run.stopping) co_return;
  try {
    auto waiting = async::wait_for(until_ending(run), time);
    co_await std::move(waiting);
  } catch (const async::TimeoutError&) {
  }
}

}  // namespace leat::pipelines
