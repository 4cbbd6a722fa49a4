#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/async/deadline.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

enum class ReturnWhen : std::uint8_t {
  all_completed,
  first_completed,
  first_exception,  // Cancelled doesn't count as one; if there is none it waits for all
};

/// The tasks that had ended and those that had not when `wait` returned, each in the order of the input.
template <class T>
struct Waited {
  Waited() noexcept = default;
  std::vector<TaskHandle<T>> done;
  std::vector<TaskHandle<T>> pending;
};

/// Counts tasks that end until enough of them have ended.
class WaitCounter {
 public:
  WaitCounter(std::size_t tasks, ReturnWhen when)
      : observers_(std::make_unique<Observer[]>(tasks)), left_(tasks), when_(when) {}

  void watch(std::size_t index, TaskState& task) noexcept {
    observers_[index].counter = this;
    if (task.done()) {
      count(task);
    } else {
      task.observe(observers_[index]);
    }
  }
  Event enough;

 private:
  struct Observer final : EndObserver {
    void on_task_end(TaskState& task) noexcept override { counter->count(task); }
    WaitCounter* counter = nullptr;
  };

  void count(TaskState& task) noexcept {
    --left_;
    const bool raised = task.failed() && !task.cancelled();
    if (left_ == 0 || when_ == ReturnWhen::first_completed ||
        (when_ == ReturnWhen::first_exception && raised))
      enough.set();
  }

  std::unique_ptr<Observer[]> observers_;
  std::size_t left_;
  ReturnWhen when_;
};

/// Waits until all tasks have ended, or the first one, or the first one with an error, and at most for
/// `timeout`. Says which have ended by then and which have not.
///
///     auto [done, pending] = co_await wait(tasks, ReturnWhen::first_completed);
///
/// It cancels nothing, neither when the time is over nor when it is cancelled itself, and it throws no task's
/// error. With a timeout of 0 or less it looks without waiting. Throws UsageError if there are no tasks. Loop
/// thread only.
template <class T>
Task<Waited<T>> wait(std::vector<TaskHandle<T>> tasks, ReturnWhen when = ReturnWhen::all_completed,
                     Duration timeout = Duration::max()) {
  if (tasks.empty()) throw UsageError("wait: there are no tasks to wait for");
  WaitCounter counter(tasks.size(), when);
  for (std::size_t i = 0; i < tasks.size(); ++i) counter.watch(i, tasks[i].state());
  if (!counter.enough.is_set() && timeout > Duration::zero()) {
    std::optional<Deadline> deadline;
    if (timeout != Duration::max()) deadline.emplace(EventLoop::current(), timeout, counter.enough);
    co_await counter.enough.wait();
  }
  Waited<T> waited;
  for (auto& task : tasks) (task.done() ? waited.done : waited.pending).push_back(std::move(task));
  co_return waited;
}

}  // namespace leat::async
