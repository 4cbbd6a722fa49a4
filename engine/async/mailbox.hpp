#pragma once

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"

namespace leat::async {

/// Carries values from one loop's thread to another's in batches. What is put in one turn costs one lock and
/// at most one wake-up, and no wake-up while the other thread has yet to take what came before.
///
/// The receiving thread takes the values in the order in which they were put: it calls `take` for each of
/// them, outside of any task; `take` must not throw. `put` is for the sending thread. A mailbox outlives what
/// is put into it: it may be destroyed once everything has been taken, or once its loops no longer run.
template <class T>
class Mailbox final : private Runnable {
 public:
  Mailbox(EventLoop& from, EventLoop& to, std::function<void(T)> take)
      : from_(from), to_(to), take_(std::move(take)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void put(T value) {
    outgoing_.push_back(std::move(value));
    if (!is_linked()) from_.schedule(*this);
  }

 private:
  // This runs behind everything that was ready when the first value was put.
  void run() noexcept override {
    bool first = false;
    {
      const std::lock_guard lock(mutex_);
      first = arrived_.empty();
      for (T& value : outgoing_) arrived_.push_back(std::move(value));
    }
    outgoing_.clear();
    if (first) to_.post([this] { receive(); });
  }

  void receive() {
    {
      const std::lock_guard lock(mutex_);
      taking_.swap(arrived_);
    }
    for (T& value : taking_) take_(std::move(value));
    taking_.clear();
  }

  EventLoop& from_;
  EventLoop& to_;
  std::function<void(T)> take_;
  std::vector<T> outgoing_;  // sending thread only
  std::vector<T> taking_;    // receiving thread only
  std::mutex mutex_;
  std::vector<T> arrived_;  // under mutex_; while there are any, a post is on its way
};

}  // namespace leat::async
