#pragma once

#include <initializer_list>
#include <memory>

#include "engine/async/queue.hpp"

namespace leat::async {

class EventLoop;

/// Turns the process's signals into values that a task awaits.
///
/// From construction to destruction the signals named do nothing else. Two that come before the first is read
/// are two values. Loop thread only; destroyed before its loop.
class Signals {
 public:
  Signals(EventLoop& loop, std::initializer_list<int> numbers);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  /// `co_await signals.next()`: the number of the next signal, in an optional that is never empty.
  [[nodiscard]] Queue<int>::Get next() noexcept { return queue_.get(); }

 private:
  struct Watchers;
  Queue<int> queue_;
  std::unique_ptr<Watchers> watchers_;
};

}  // namespace leat::async
