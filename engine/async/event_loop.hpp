#pragma once

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/async/clock.hpp"
#include "engine/async/debug.hpp"
#include "engine/async/runnable.hpp"
#include "engine/async/task_state.hpp"
#include "engine/async/timer_queue.hpp"

struct uv_loop_s;

namespace leat::async {

class ThreadPool;
template <class T>
class [[nodiscard]] Task;
template <class T>
class TaskHandle;

/// Runs the tasks of one thread over one libuv loop: ready tasks in FIFO order, timers, I/O and posted
/// functions.
///
/// At most one loop runs on a thread, and a loop runs on the thread that calls `run`. Only `post` may be
/// called from other threads. I/O is polled at least every kBatch ready items, so a task that always has
/// something ready can't starve it. `run` may be called again after it has returned.
///
/// At the end of `run` the tasks that are left are cancelled and awaited. The destructor waits for the close
/// callbacks of the handles, and aborts if a handle was left open, because that is a leak.
class EventLoop {
 public:
  explicit EventLoop(ManualClock* clock = nullptr);
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;
  ~EventLoop();

  /// Runs until `main` has ended and every task that it left behind is cancelled and gone. Gives the result
  /// of `main` or throws its error. Throws UsageError if a loop runs on this thread already.
  template <class T>
  T run(Task<T> main);

  /// Gives the loop that runs on this thread. Throws UsageError if none does.
  static EventLoop& current();
  static EventLoop* current_or_null() noexcept;

  /// Runs fn soon on the loop's thread, or in the next `run`. May be called from any thread, and wakes the
  /// loop. fn must not throw.
  void post(std::function<void()> fn);

  /// Runs the item once, after what is ready already. The item must not stand in another list.
  void schedule(Runnable& item) noexcept { ready_.push_back(item); }

  /// Says whether anything is ready behind what runs now.
  [[nodiscard]] bool has_ready() const noexcept { return !ready_.empty(); }

  void arm(Timer& timer, TimePoint due) { timers_.arm(timer, due); }
  void arm_after(Timer& timer, Duration delay) { timers_.arm(timer, later(now(), delay)); }

  [[nodiscard]] TimePoint now() const noexcept;
  /// Gives the time at the start of this turn. It costs nothing, so it serves for bookkeeping.
  [[nodiscard]] TimePoint turn_time() const noexcept { return turn_time_; }
  /// Gives the time at which the last poll for I/O returned: as old as what has run since, never later than
  /// now, and next to free. It is meant for callbacks of I/O: they run before the turn begins, so turn_time()
  /// may still be the time at which a long wait began.
  [[nodiscard]] TimePoint poll_time() const noexcept;

  /// Gives the task that runs now. Throws UsageError outside of one.
  [[nodiscard]] TaskState& current_task() const;

  /// From now on the loop reports what is slow, dropped, overlooked or left over; see DebugHooks. Call it
  /// before the first `run`. Without it all of that costs one branch.
  void set_debug(DebugOptions options);
  [[nodiscard]] DebugHooks* debug() const noexcept { return debug_.get(); }
  /// Reports to this thread's loop, if there is one and it is in debug mode, that a coroutine never ran.
  static void report_dropped(const CoroutineSource& source) noexcept;

  template <class Fn>
  void for_each_task(Fn&& fn) {
    tasks_.for_each(std::forward<Fn>(fn));
  }

  /// Gives the threads for blocking work. They are started when they are first needed and joined when the
  /// loop is destroyed.
  [[nodiscard]] ThreadPool& threads();

  /// For the engine's own handles.
  [[nodiscard]] uv_loop_s* uv() noexcept;

 private:
  friend class TaskState;
  friend struct FinalAwaiter;
  struct Uv;

  void enter();
  void leave() noexcept;
  void run_until_done(const TaskState& main);
  void cancel_leftovers();
  void run_ready(const TaskState& main);
  void wait_for_events();
  void arm_wakeup();
  void run_posted() noexcept;
  void check_all_closed() noexcept;

  ReadyList ready_;
  IntrusiveList<TaskState, AllTasksTag> tasks_;
  TimerQueue timers_;
  TaskState* current_task_ = nullptr;
  std::coroutine_handle<> continuation_;  // the coroutine to resume when the present resume returns
  ManualClock* clock_;
  TimePoint turn_time_;
  std::unique_ptr<DebugHooks> debug_;
  std::unique_ptr<Uv> uv_;
  std::unique_ptr<ThreadPool> threads_;
};

}  // namespace leat::async
