#pragma once

#include <exception>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/event.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

/// Says how a task group failed: it holds every error of its tasks in the order in which they came.
class TaskGroupError : public std::runtime_error {
 public:
  explicit TaskGroupError(std::vector<std::exception_ptr> errors);
  [[nodiscard]] const std::vector<std::exception_ptr>& errors() const noexcept { return errors_; }

 private:
  std::vector<std::exception_ptr> errors_;
};

/// Tasks that live no longer than the block that made them. Only with_task_group makes one. Loop thread only.
class TaskGroup final : private TaskScope {
 public:
  /// Runs the coroutine as a task of the group. If the group is being cancelled, the coroutine never starts.
  /// Throws UsageError if the group has ended.
  template <class T>
  TaskHandle<T> spawn(Task<T> task, std::string name = {}, Where where = Where::here()) {
    check_open();
    auto child = spawn_in(*this, std::move(task), std::move(name), where);
    if (stopping_) child.cancel();
    return child;
  }

  /// Cancels all tasks of the group, its block included. This is no error.
  void cancel() noexcept {
    stopping_ = true;
    cancel_all();
  }

  /// Says how many tasks run, the block included.
  [[nodiscard]] std::size_t size() const noexcept { return TaskScope::size(); }

 private:
  template <class Fn>
  friend std::invoke_result_t<Fn&, TaskGroup&> with_task_group(EventLoop& loop, Fn fn);

  TaskGroup() noexcept = default;
  ~TaskGroup() = default;

  void check_open() const;
  void on_end(TaskState& task) noexcept override;
  static Task<void> join(TaskGroup& self, TaskState& block);

  std::vector<std::exception_ptr> errors_;
  Event ended_;
  const TaskState* block_ = nullptr;
  bool stopping_ = false;
  bool block_cancelled_ = false;  // by itself, not by the group
};

/// Runs fn(group) as the group's block, and ends when the block and every task of the group have ended.
///
///     co_await with_task_group(loop, [](TaskGroup& group) -> Task<void> {
///       group.spawn(fetch_all());
///       group.spawn(report());
///       co_return;
///     });
///
/// The first failure, of a task or of the block, cancels the others; all errors that come are kept and thrown
/// together as one TaskGroupError. If a task alone is cancelled, that is no failure. Cancelling the caller
/// cancels all tasks and throws Cancelled; if there were errors, it throws the TaskGroupError and the
/// cancellation comes at the next wait. Gives the block's result; after TaskGroup::cancel there may be none,
/// and then it throws Cancelled. fn lives until the end; give it a name first if it captures (g++ 12).
template <class Fn>
std::invoke_result_t<Fn&, TaskGroup&> with_task_group(EventLoop& loop, Fn fn) {
  if (&loop != EventLoop::current_or_null())
    throw UsageError("with_task_group: this loop does not run on this thread");
  TaskGroup group;
  auto block = group.spawn(fn(group), loop.current_task().name());
  auto joining = TaskGroup::join(group, block.state());
  co_await std::move(joining);
  if constexpr (!std::is_void_v<decltype(block.result())>) co_return block.result();
}

}  // namespace leat::async
