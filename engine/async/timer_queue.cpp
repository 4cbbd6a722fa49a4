#include "engine/async/timer_queue.hpp"

#include <algorithm>

namespace leat::async {

namespace {
constexpr std::size_t kArity = 4;
}

void Timer::disarm() noexcept {
  if (queue_ != nullptr) queue_->disarm(*this);
}

TimerQueue::~TimerQueue() {
  for (const Entry& entry : heap_) entry.timer->queue_ = nullptr;
}

void TimerQueue::arm(Timer& timer, TimePoint due) {
  timer.disarm();
  heap_.emplace_back();
  timer.queue_ = this;
  sift_up(heap_.size() - 1, Entry{std::max(due, firing_), next_order_++, &timer});
}

void TimerQueue::disarm(Timer& timer) noexcept {
  timer.queue_ = nullptr;
  remove_at(timer.index_);
}

void TimerQueue::fire_due(TimePoint now) {
  const std::uint64_t limit = next_order_;
  firing_ = now;
  while (!heap_.empty() && heap_.front().due <= now && heap_.front().order < limit) {
    Timer* timer = heap_.front().timer;
    disarm(*timer);
    timer->on_timer();
  }
  firing_ = TimePoint::min();
}

void TimerQueue::place(std::size_t index, Entry entry) noexcept {
  entry.timer->index_ = index;
  heap_[index] = entry;
}

void TimerQueue::sift_up(std::size_t index, Entry entry) noexcept {
  while (index > 0) {
    const std::size_t parent = (index - 1) / kArity;
    if (!entry.before(heap_[parent])) break;
    place(index, heap_[parent]);
    index = parent;
  }
  place(index, entry);
}

void TimerQueue::sift_down(std::size_t index, Entry entry) noexcept {
  for (;;) {
    const std::size_t first = index * kArity + 1;
    if (first >= heap_.size()) break;
    std::size_t least = first;
    const std::size_t end = std::min(first + kArity, heap_.size());
    for (std::size_t child = first + 1; child < end; ++child) {
      if (heap_[child].before(heap_[least])) least = child;
    }
    if (!heap_[least].before(entry)) break;
    place(index, heap_[least]);
    index = least;
  }
  place(index, entry);
}

void TimerQueue::remove_at(std::size_t index) noexcept {
  const Entry last = heap_.back();
  heap_.pop_back();
  if (index == heap_.size()) return;
  if (index > 0 && last.before(heap_[(index - 1) / kArity])) {
    sift_up(index, last);
  } else {
    sift_down(index, last);
  }
}

}  // namespace leat::async
