#pragma once

#include <initializer_list>
#include <memory>

#include "engine/async/queue.hpp"

namespace leat::async {

class EventLoop;

/// Turns the process's signals into values that a task awaits.
///
/// From construction to destruction the signals that were named do nothing else. Two signals that come before
/// the first is read give two values. Loop thread only. Must be destroyed before its loop.
class Signals {
 public:
  Signals(EventLoop& loop, std::initializer_list<int> numbers);
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals();

  /// `co_await signals.next()` gives the number of the next signal, in an optional that is never empty.
  [[nodiscard]] Queue<int>::Get next() noexcept { return queue_.get(); }

 private:
  struct Watchers;
  Queue<int> queue_;
  std::unique_ptr<Watchers> watchers_;
};

}  // namespace leat::async
