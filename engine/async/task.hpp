#pragma once

#include <cxxabi.h>

#include <coroutine>
#include <exception>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "engine/async/block_pool.hpp"
#include "engine/async/debug.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/outcome.hpp"
#include "engine/async/task_state.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// Ends a coroutine: the one that awaits it goes on, or else the task ends.
struct FinalAwaiter {
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class Promise>
  void await_suspend(std::coroutine_handle<Promise> handle) const noexcept {
    auto& promise = handle.promise();
    if (promise.parent_is_starting_us) return;  // the parent looks at done() next
    if (promise.continuation) {
      promise.task->loop().continuation_ = promise.continuation;
    } else {
      promise.task->at_end_ = true;
    }
  }
  void await_resume() const noexcept {}
};

/// What every coroutine's promise holds.
struct PromiseBase : Pooled {
  explicit PromiseBase(CoroutineSource made) noexcept : source(made) {}
  [[nodiscard]] bool started() const noexcept { return task != nullptr; }
  void start(TaskState& by, std::coroutine_handle<> awaited_by) noexcept {
    task = &by;
    continuation = awaited_by;
  }

  TaskState* task = nullptr;  // the task that it runs for, once it has started
  union {
    CoroutineSource source;                // until it has started
    std::coroutine_handle<> continuation;  // once it has started
  };
  std::exception_ptr error;
  bool parent_is_starting_us = false;
  bool cancelled = false;  // ended by Cancelled, which is not kept: it has no state and may come by millions

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept {
    cancelled = *abi::__cxa_current_exception_type() == typeid(Cancelled);
    if (!cancelled) error = std::current_exception();
  }
  [[gnu::always_inline]] void rethrow() const {
    if (cancelled) [[unlikely]]
      throw Cancelled{};
    if (error) std::rethrow_exception(error);
  }
};

template <class T>
struct Promise : PromiseBase {
  explicit Promise(CoroutineSource made = CoroutineSource::here()) noexcept : PromiseBase(made) {}
  std::optional<T> value;

  Task<T> get_return_object() noexcept;
  template <class U = T>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() {
    rethrow();
    return std::move(*value);
  }
};

template <>
struct Promise<void> : PromiseBase {
  explicit Promise(CoroutineSource made = CoroutineSource::here()) noexcept : PromiseBase(made) {}
  std::optional<Unit> value;

  Task<void> get_return_object() noexcept;
  void return_void() noexcept { value.emplace(); }
  void take() const { rethrow(); }
};

/// A coroutine. It does nothing until it is awaited, which runs it inline as part of the awaiting task, or
/// handed to `spawn`, which makes it a task of its own that runs concurrently.
///
/// It owns its frame. It is awaited once, as an rvalue: `co_await fetch(x)` or, where g++ 12 wants a name for
/// it (see CONTRIBUTING), `auto t = fetch(x); co_await std::move(t)`.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = Promise<T>;
  using Handle = std::coroutine_handle<promise_type>;

  Task() noexcept = default;
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    Task old(std::move(*this));
    handle_ = std::exchange(other.handle_, nullptr);
    return *this;
  }
  ~Task() {
    if (!handle_) return;
    if (!handle_.promise().started()) EventLoop::report_dropped(handle_.promise().source);
    handle_.destroy();
  }

  class Awaiter;
  /// Throws UsageError if it was awaited or spawned before.
  Awaiter operator co_await() && {
    if (!handle_ || handle_.promise().started())
      throw UsageError("Task: it was awaited or spawned before; make another");
    return Awaiter(handle_);
  }

  /// Gives the frame to the caller.
  [[nodiscard]] Handle release() noexcept { return std::exchange(handle_, nullptr); }

 private:
  friend promise_type;
  explicit Task(Handle handle) noexcept : handle_(handle) {}

  Handle handle_;
};

template <class T>
class Task<T>::Awaiter {
 public:
  explicit Awaiter(Handle child) noexcept : child_(child) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }

  // Runs the child at once. If the child ends without suspending, the parent simply goes on.
  template <class P>
  bool await_suspend(std::coroutine_handle<P> parent) noexcept {
    auto& promise = child_.promise();
    promise.start(*parent.promise().task, parent);
    promise.parent_is_starting_us = true;
    child_.resume();
    if (child_.done()) return false;
    promise.parent_is_starting_us = false;
    return true;
  }
  [[gnu::always_inline]] T await_resume() { return child_.promise().take(); }

 private:
  Handle child_;
};

template <class T>
Task<T> Promise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<Promise>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

/// The state of a spawned Task<T> together with its result.
template <class T>
class TaskStateOf final : public TaskState, public Pooled {
 public:
  TaskStateOf(EventLoop& task_loop, std::string task_name, typename Task<T>::Handle root, Where where)
      : TaskState(task_loop, std::move(task_name), root, where) {
    root.promise().start(*this, nullptr);
  }

  T take() {
    if (cancelled()) throw Cancelled{};
    if (auto error = exception()) std::rethrow_exception(error);
    if constexpr (!std::is_void_v<T>) {
      if (!value_) throw UsageError("Task '" + name() + "': its result was taken already");
      T result = std::move(*value_);
      value_.reset();
      return result;
    }
  }

 private:
  void collect() noexcept override {
    auto& promise = Task<T>::Handle::from_address(root_.address()).promise();
    set_error(std::move(promise.error), promise.cancelled);
    if constexpr (!std::is_void_v<T>) value_ = std::move(promise.value);
  }

  [[no_unique_address]] std::conditional_t<std::is_void_v<T>, Unit, std::optional<ValueOf<T>>> value_;
};

template <class T>
class JoinAwaiter final : public Waiter, private EndObserver {
 public:
  explicit JoinAwaiter(TaskStateOf<T>& state) noexcept : state_(&state) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (handle.promise().task == &*state_)
      throw UsageError("Task '" + state_->name() + "': it awaits itself and would never end");
    if (!begin(handle, "task")) return false;
    if (state_->done()) return ready();
    state_->observe(*this);
    return suspend();
  }
  [[gnu::always_inline]] T await_resume() {
    check();
    return state_->take();
  }

 private:
  void on_task_end(TaskState&) noexcept override { wake(); }
  void on_cancel() noexcept override { EndObserver::unlink(); }

  TaskRef<TaskStateOf<T>> state_;
};

/// A task that was spawned, as asyncio's Task. Copies of a handle stand for the same task.
///
/// The task lives on without its handles. `co_await handle` waits for its end and gives its result or throws
/// its error (Cancelled, if it was cancelled); cancelling that wait leaves the task alone. Loop thread only.
template <class T>
class TaskHandle {
 public:
  TaskHandle() noexcept = default;
  explicit TaskHandle(TaskStateOf<T>& state) noexcept : state_(&state) {}

  bool cancel() noexcept { return state_->cancel(); }
  [[nodiscard]] bool done() const noexcept { return state_->done(); }
  [[nodiscard]] bool cancelled() const noexcept { return state_->cancelled(); }
  [[nodiscard]] const std::string& name() const noexcept { return state_->name(); }
  [[nodiscard]] std::exception_ptr exception() const { return state_->exception(); }
  /// Moves the result out. Throws the task's error, or UsageError if the task has not ended.
  T result() { return state_->take(); }
  /// Gives the result or the error as a value. Throws UsageError if the task has not ended.
  [[nodiscard]] Outcome<T> outcome() {
    if (auto error = state_->exception()) return Outcome<T>(std::move(error));
    if constexpr (std::is_void_v<T>) {
      return Outcome<T>(Unit{});
    } else {
      return Outcome<T>(state_->take());
    }
  }
  [[nodiscard]] TaskState& state() const noexcept { return *state_; }

  JoinAwaiter<T> operator co_await() const noexcept { return JoinAwaiter<T>(*state_); }

 private:
  TaskRef<TaskStateOf<T>> state_;
};

template <class T>
TaskHandle<T> spawn_on(EventLoop& loop, Task<T> task, std::string name, Where where = Where::here()) {
  auto root = task.release();
  if (!root) throw UsageError("spawn: the coroutine is empty; it was spawned before");
  if (root.promise().started()) {
    root.destroy();
    throw UsageError("spawn: the coroutine was awaited before; make another");
  }
  auto* state = new TaskStateOf<T>(loop, std::move(name), root, where);
  return TaskHandle<T>(*state);
}

/// Makes the coroutine a task that runs concurrently from the loop's next turn on. Throws UsageError where no
/// loop runs.
template <class T>
TaskHandle<T> spawn(Task<T> task, std::string name = {}, Where where = Where::here()) {
  return spawn_on(EventLoop::current(), std::move(task), std::move(name), where);
}

/// Does the same, and makes the task one of the scope's.
template <class T>
TaskHandle<T> spawn_in(TaskScope& scope, Task<T> task, std::string name = {}, Where where = Where::here()) {
  auto handle = spawn(std::move(task), std::move(name), where);
  scope.add(handle.state());
  return handle;
}

template <class T>
T EventLoop::run(Task<T> main) {
  enter();
  struct Leave {
    EventLoop& loop;
    ~Leave() { loop.leave(); }
  } const leave_at_end{*this};
  auto handle = spawn_on(*this, std::move(main), "main");
  run_until_done(handle.state());
  cancel_leftovers();
  return handle.result();
}

}  // namespace leat::async
