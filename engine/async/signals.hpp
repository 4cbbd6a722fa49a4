#pragma once

#include <memory>
#include <vector>

#include "engine/async/queue.hpp"

namespace leat::async {

class EventLoop;

/// Turns the process's signals into values that a task awaits.
///
/// From construction to destruction the signals that were named do nothing else. Two signals that come before
/// the first is read give two values. Loop thread only. Must be destroyed before its loop.
class Signals {
 public:
  Signals(EventLoop& loop, const std::vector<int>& numbers);
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

/// The signals that ask a process to end: SIGINT, SIGTERM, and SIGHUP unless the process was started with
/// that one ignored, as nohup does it.
[[nodiscard]] std::vector<int> ending_signals();

}  // namespace leat::async
