#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/async/clock.hpp"

namespace leat::async {

class TimerQueue;

/// Something that is due at a time. It leaves its queue when either of the two is destroyed.
class Timer {
 public:
  Timer() noexcept = default;
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  [[nodiscard]] bool is_armed() const noexcept { return queue_ != nullptr; }
  void disarm() noexcept;

 protected:
  ~Timer() { disarm(); }

 private:
  friend class TimerQueue;
  virtual void on_timer() noexcept = 0;

  TimerQueue* queue_ = nullptr;
  std::size_t index_ = 0;
};

/// The timers of one EventLoop: a 4-ary heap; equal times fire in the order in which they were armed.
///
/// `arm` is O(log n); the heap's entries carry the times, so that sifting stays in one array. Most timers are
/// disarmed before they are due, so `disarm` only marks the entry, which is O(1) amortised. Marked entries
/// are removed when somebody looks at the front, or all at once when they are more than half. Loop thread
/// only.
class TimerQueue {
 public:
  TimerQueue() noexcept = default;
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;
  ~TimerQueue();

  void arm(Timer& timer, TimePoint due);
  void disarm(Timer& timer) noexcept;

  [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
  /// The queue must not be empty.
  [[nodiscard]] TimePoint next_due() noexcept {
    pop_marked();
    return heap_.front().due;
  }

  /// Fires what is due, earliest first. A timer that is armed meanwhile waits for the next call.
  void fire_due(TimePoint now);

 private:
  struct Entry {
    TimePoint due;
    std::uint64_t order;
    Timer* timer;  // null: disarmed
    [[nodiscard]] bool before(const Entry& other) const noexcept {
      return due != other.due ? due < other.due : order < other.order;
    }
  };
  void place(std::size_t index, Entry entry) noexcept;
  void sift_up(std::size_t index, Entry entry) noexcept;
  void sift_down(std::size_t index, Entry entry) noexcept;
  void pop_marked() noexcept;
  void compact() noexcept;

  std::vector<Entry> heap_;
  std::size_t marked_ = 0;  // at most half of the entries, so a queue with entries has one that is armed
  std::uint64_t next_order_ = 0;
  TimePoint firing_ = TimePoint::min();  // the time that fire_due runs for; no timer may be armed before it
};

}  // namespace leat::async
