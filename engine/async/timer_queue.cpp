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
  for (const Entry& entry : heap_)
    if (entry.timer != nullptr) entry.timer->queue_ = nullptr;
}

void TimerQueue::arm(Timer& timer, TimePoint due) {
  timer.disarm();
  heap_.emplace_back();
  timer.queue_ = this;
  sift_up(heap_.size() - 1, Entry{std::max(due, firing_), next_order_++, &timer});
}

void TimerQueue::disarm(Timer& timer) noexcept {
  timer.queue_ = nullptr;
  heap_[timer.index_].timer = nullptr;
  if (++marked_ > heap_.size() / 2) compact();
}

void TimerQueue::fire_due(TimePoint now) {
  const std::uint64_t limit = next_order_;
  firing_ = now;
  while (!heap_.empty() && next_due() <= now && heap_.front().order < limit) {
    Timer* timer = heap_.front().timer;
    disarm(*timer);
    timer->on_timer();
  }
  firing_ = TimePoint::min();
}

void TimerQueue::place(std::size_t index, Entry entry) noexcept {
  if (entry.timer != nullptr) entry.timer->index_ = index;
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

void TimerQueue::pop_marked() noexcept {
  while (!heap_.empty() && heap_.front().timer == nullptr) {
    const Entry last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0, last);
    --marked_;
  }
}

void TimerQueue::compact() noexcept {
  std::erase_if(heap_, [](const Entry& entry) { return entry.timer == nullptr; });
  marked_ = 0;
  for (std::size_t i = heap_.size(); i-- > 0;) sift_down(i, heap_[i]);
}

}  // namespace leat::async
