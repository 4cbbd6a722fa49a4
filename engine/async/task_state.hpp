#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "engine/async/clock.hpp"
#include "engine/async/debug.hpp"
#include "engine/async/intrusive_list.hpp"
#include "engine/async/runnable.hpp"

namespace leat::async {

class EventLoop;
class TaskScope;
class TaskState;
class Waiter;
struct AllTasksTag;
struct EndTag;
struct ScopeTag;

using WaiterList = IntrusiveList<Waiter, ReadyTag>;

/// Is called once, when the task that it observes has ended. Stops observing when it is destroyed.
class EndObserver : public ListNode<EndTag> {
 protected:
  ~EndObserver() = default;

 private:
  friend class TaskState;
  /// May wake others; must not run anything inline.
  virtual void on_task_end(TaskState& task) noexcept = 0;
};

enum class TaskStatus : std::uint8_t {
  queued,  // has not started yet
  ready,   // what it awaited has come
  running,
  waiting,
  done,
};

/// What the loop knows of one spawned task: its name, its life, what it waits for and how it ended.
///
/// It is reference-counted without atomics, so loop thread only. The coroutine's frame, and with it all that
/// the task owns, is gone as soon as the task has ended, whoever still holds its state.
///
/// Cancellation: `cancel` makes the wait that the task is in, or else its next one, throw Cancelled. Several
/// calls before that is thrown count as one cancellation; a task that swallows it may be cancelled again. A
/// task that has not started never starts. A wait that has its value already returns it, so that a
/// cancellation that came in the same turn loses no value.
class TaskState : public Runnable, public ListNode<AllTasksTag>, public ListNode<ScopeTag> {
 public:
  /// Gives false if the task is over already.
  bool cancel() noexcept;

  [[nodiscard]] bool done() const noexcept { return phase_ == Phase::done; }
  [[nodiscard]] bool cancelled() const noexcept { return done() && cancelled_; }
  /// Says whether the task ended with an error, which may be Cancelled.
  [[nodiscard]] bool failed() const noexcept { return done() && (cancelled_ || error_ != nullptr); }
  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] EventLoop& loop() const noexcept { return loop_; }

  /// Gives the error, which may be Cancelled, or null if the task ended without one. Throws UsageError while
  /// it runs.
  [[nodiscard]] std::exception_ptr exception();

  /// Gives the error if it is not Cancelled and `exception` was never called; else null.
  [[nodiscard]] std::exception_ptr unseen_error() const noexcept { return error_seen_ ? nullptr : error_; }

  [[nodiscard]] TaskStatus status() const noexcept;
  /// Says what the task awaits ("sleep", "queue.get", …), or "ready" or "done".
  [[nodiscard]] const char* awaiting() const noexcept;
  /// Gives the time at which that began.
  [[nodiscard]] TimePoint since() const noexcept { return since_; }

  /// The task must not be done.
  void observe(EndObserver& observer) noexcept { observers_.push_back(observer); }

  void add_ref() noexcept { ++refs_; }
  void release() noexcept {
    if (--refs_ == 0) destroy();
  }

 protected:
  TaskState(EventLoop& loop, std::string name, std::coroutine_handle<> root, Where where);
  virtual ~TaskState();

  /// Takes the result out of the frame. Called once, when the frame stands at its end.
  virtual void collect() noexcept = 0;

  void set_error(std::exception_ptr error, bool is_cancellation) noexcept {
    error_ = std::move(error);
    cancelled_ = is_cancellation;
  }

  std::coroutine_handle<> root_;

 private:
  friend class EventLoop;
  friend class TaskScope;
  friend class Waiter;
  friend class CancelShield;
  friend struct FinalAwaiter;

  static constexpr std::uint16_t kBurst = 16;  // waits in a row that go on at once

  enum class Phase : std::uint8_t { queued, started, done };

  void run() noexcept override;
  void resume(std::coroutine_handle<> handle) noexcept;
  void finish() noexcept;
  void destroy() noexcept;
  [[nodiscard]] bool cancellation_due() const noexcept { return cancel_pending_ && shields_ == 0; }

  EventLoop& loop_;
  TaskScope* scope_ = nullptr;
  Waiter* waiter_ = nullptr;  // the wait that the task is suspended in, until that is woken
  std::exception_ptr error_;
  IntrusiveList<EndObserver, EndTag> observers_;
  TimePoint since_;
  std::uint32_t refs_ = 1;  // one is the loop's own, until the task has ended
  std::uint16_t shields_ = 0;
  std::uint16_t burst_ = kBurst;
  Phase phase_ = Phase::queued;
  bool cancel_pending_ = false;
  bool cancelling_ = false;  // a wait was cancelled and is about to throw
  bool cancelled_ = false;
  bool error_seen_ = false;
  bool debugged_ = false;  // the loop was in debug mode when the task was spawned
  bool at_end_ = false;    // the root coroutine stands at its final suspension
  std::string name_;
};

/// Holds a reference to a TaskState.
template <class State>
class TaskRef {
 public:
  TaskRef() noexcept = default;
  explicit TaskRef(State* state) noexcept : state_(state) {
    if (state_ != nullptr) state_->add_ref();
  }
  TaskRef(const TaskRef& other) noexcept : TaskRef(other.state_) {}
  TaskRef(TaskRef&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  TaskRef& operator=(TaskRef other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~TaskRef() {
    if (state_ != nullptr) state_->release();
  }
  State* operator->() const noexcept { return state_; }
  State& operator*() const noexcept { return *state_; }
  explicit operator bool() const noexcept { return state_ != nullptr; }

 private:
  State* state_ = nullptr;
};

/// The tasks that belong to something. It learns when each of them ends and can cancel them all. Loop thread
/// only.
class TaskScope {
 public:
  TaskScope() noexcept = default;
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

  void add(TaskState& task) noexcept;
  void cancel_all() noexcept;
  [[nodiscard]] bool empty() const noexcept { return tasks_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return tasks_.count(); }

 protected:
  ~TaskScope();

 private:
  friend class TaskState;
  /// Is called when `task` has ended and is no longer counted.
  virtual void on_end(TaskState& task) noexcept = 0;

  IntrusiveList<TaskState, ScopeTag> tasks_;
};

/// While one lives, a cancellation of the current task is kept pending. It is for clean-up that must await.
class CancelShield {
 public:
  /// Throws UsageError outside a task.
  CancelShield();
  CancelShield(const CancelShield&) = delete;
  CancelShield& operator=(const CancelShield&) = delete;
  ~CancelShield() { --task_.shields_; }

 private:
  TaskState& task_;
};

}  // namespace leat::async
