#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/task_state.hpp"

namespace leat::pipelines {

struct InFlightTag;
struct Record;

/// What waits for others: which transfer runs, which waits for its next attempt, what libjq and commands are
/// at, and how to end it. Outlives its entries. Loop thread only.
class InFlight {
 public:
  /// A record's place, or a stage's, held by its task for as long as it may be cancelled. Such a task ends
  /// its record as cancelled and passes it on.
  class Entry : public async::ListNode<InFlightTag> {
   public:
    /// In a task.
    explicit Entry(InFlight& owner) : owner_(owner), task_(async::EventLoop::current().current_task()) {
      owner_.entries_.push_back(*this);
    }
    ~Entry() { set(State::idle); }

    void started() noexcept {
      since_ = async::EventLoop::current().now();
      set(State::running);
    }
    void parked() noexcept { set(State::parked); }
    void idle() noexcept { set(State::idle); }

    /// What is to be known of a transfer: both outlive the entry.
    void show(const Record& record, const std::atomic<std::uint64_t>& received) noexcept {
      record_ = &record;
      received_ = &received;
    }
    [[nodiscard]] const Record* record() const noexcept { return record_; }
    [[nodiscard]] std::uint64_t received() const noexcept {
      return received_->load(std::memory_order_relaxed);
    }
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
    async::TimePoint since_{};
    State state_ = State::idle;
  };

  [[nodiscard]] std::size_t running() const noexcept { return running_; }
  [[nodiscard]] std::size_t parked() const noexcept { return parked_; }

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

  /// Those that wait for their next attempt.
  void cancel_parked() noexcept {
    entries_.for_each([](Entry& entry) {
      if (entry.state_ == Entry::State::parked) entry.task_.cancel();
    });
  }
  /// All of them, and from now on nothing new is to begin.
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

}  // namespace leat::pipelines
