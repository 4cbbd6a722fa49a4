#pragma once

#include <coroutine>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"

namespace leat::async {

/// The base of every awaitable at which a task really suspends.
///
/// It lives in the frame of the awaiting coroutine. It stands first in the list that it waits in and later in
/// the loop's ready list, and leaves either when it is destroyed. A derived awaitable implements
/// await_suspend as
///
///     if (!begin(handle, "what")) return false;   // a cancellation is pending: await_resume throws it
///     if (there is something already) return ready();
///     list.push_back(*this);
///     return suspend();
///
/// and calls `check()` first in await_resume. Whoever provides the awaited thing calls `wake()`, which never
/// resumes inline. Loop thread only.
class Waiter : public Runnable {
 public:
  void wake() noexcept;
  [[nodiscard]] const char* what() const noexcept { return what_; }
  [[nodiscard]] TaskState& task() const noexcept { return *task_; }

 protected:
  Waiter() noexcept = default;
  ~Waiter();

  template <class Promise>
  bool begin(std::coroutine_handle<Promise> handle, const char* what) noexcept {
    handle_ = handle;
    task_ = handle.promise().task;
    what_ = what;
    if (!task_->cancellation_due()) return true;
    task_->cancel_pending_ = false;
    cancelled_ = true;
    return false;
  }
  bool suspend() noexcept;
  /// There is nothing to wait for, so the task goes on at once. After TaskState::kBurst times in a row it
  /// first lets the others have their turn, so that a task that never has to wait starves nobody.
  bool ready() noexcept { return --task_->burst_ == 0 && give_turn(); }
  /// The task goes on after the others have had their turn.
  bool give_turn() noexcept {
    wake();
    return true;
  }

  /// This and every await_resume that calls it are inline, because each frame between a throw and its handler
  /// is walked twice: a cancellation costs about a fifth more if they are calls, as g++ 12 would make them.
  [[gnu::always_inline]] void check() const {
    if (cancelled_) [[unlikely]]
      throw Cancelled{};
  }

 private:
  friend class TaskState;
  friend class CancelShield;

  /// Undoes what leaving the list does not undo; the wait is over.
  virtual void on_cancel() noexcept {}
  void cancel() noexcept;
  void run() noexcept final;

  std::coroutine_handle<> handle_;
  TaskState* task_ = nullptr;
  const char* what_ = nullptr;
  bool cancelled_ = false;
};

}  // namespace leat::async
