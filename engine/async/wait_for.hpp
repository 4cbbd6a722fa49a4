#pragma once

#include <chrono>
#include <string>
#include <utility>

#include "engine/async/deadline.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

/// A task that is watched until it ends or a deadline passes.
class Watched final : private EndObserver {
 public:
  explicit Watched(TaskState& task) noexcept {
    if (task.done()) {
      on_task_end(task);
    } else {
      task.observe(*this);
    }
  }
  Event changed;  // is set when the task has ended, or by others who share it
  Event ended;

 private:
  void on_task_end(TaskState&) noexcept override {
    changed.set();
    ended.set();
  }
};

template <class T>
Task<T> join_within(TaskHandle<T> child, Duration timeout) {
  Watched watched(child.state());
  Deadline deadline(child.state().loop(), timeout, watched.changed);
  bool cancelled = false;
  try {
    co_await watched.changed.wait();
  } catch (const Cancelled&) {
    cancelled = true;
  }
  const bool too_late = !child.done();
  if (too_late) {
    child.cancel();
    const CancelShield shield;
    co_await watched.ended.wait();
  }
  if (!child.cancelled()) {
    if (cancelled)
      child.state().loop().current_task().cancel();  // at its next wait, so that no value is lost
    co_return child.result();
  }
  if (cancelled) throw Cancelled{};
  if (too_late) {
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    throw TimeoutError("wait_for: '" + child.name() + "' was not done within " + std::to_string(ms) + " ms");
  }
  co_return child.result();  // throws Cancelled: somebody else cancelled it
}

template <class T>
Task<T> spawn_and_join_within(Task<T> task, Duration timeout) {
  auto& loop = EventLoop::current();
  auto joining = join_within(spawn_on(loop, std::move(task), loop.current_task().name()), timeout);
  co_return co_await std::move(joining);
}

inline void check_timeout(Duration timeout) {
  if (timeout <= Duration::zero())
    throw UsageError("wait_for: the timeout must be more than 0; to look without waiting use done()");
}

/// Awaits a task's result for at most `timeout`. After that it cancels the task, waits until it is gone, and
/// throws TimeoutError.
///
///     auto item = co_await wait_for(next_item(queue), 5s);
///
/// - It never loses a value: what the task returned is given even if the deadline passed meanwhile. A value
///   that arrives in the tick of the deadline (see Deadline) beats it.
/// - When it is cancelled from outside, it cancels the task and waits for it. If the task has its result
///   already, that result is given and the cancellation comes at the next wait.
/// - An error of the task comes out as it is. A timeout of 0 or less throws UsageError at the call.
///
/// The task runs as a task of its own under the caller's name. Loop thread only.
template <class T>
[[nodiscard]] Task<T> wait_for(Task<T> task, Duration timeout) {
  check_timeout(timeout);
  return spawn_and_join_within(std::move(task), timeout);
}

/// Does the same for a task that runs already.
template <class T>
[[nodiscard]] Task<T> wait_for(TaskHandle<T> task, Duration timeout) {
  check_timeout(timeout);
  return join_within(std::move(task), timeout);
}

}  // namespace leat::async
