#include "engine/async/task_state.hpp"

#include "engine/async/errors.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

TaskState::TaskState(EventLoop& loop, std::string name, std::coroutine_handle<> root, Where where)
    : root_(root), loop_(loop), since_(loop.turn_time()), name_(std::move(name)) {
  loop_.tasks_.push_back(*this);
  loop_.schedule(*this);
  if (loop_.debug() != nullptr) [[unlikely]] {
    debugged_ = true;
    loop_.debug()->task_spawned(*this, where);
  }
}

// A handle may outlive the loop; then there is nobody to report to.
TaskState::~TaskState() {
  if (debugged_ && EventLoop::current_or_null() == &loop_) [[unlikely]]
    loop_.debug()->task_gone(*this);
  if (root_) root_.destroy();
}

std::exception_ptr TaskState::exception() {
  if (!done())
    throw UsageError("Task '" + name_ + "': it has not ended yet; await it before asking how it ended");
  error_seen_ = true;
  return cancelled_ ? std::make_exception_ptr(Cancelled{}) : error_;
}

TaskStatus TaskState::status() const noexcept {
  if (done()) return TaskStatus::done;
  if (waiter_ != nullptr) return TaskStatus::waiting;
  if (loop_.current_task_ == this) return TaskStatus::running;
  return phase_ == Phase::queued ? TaskStatus::queued : TaskStatus::ready;
}

const char* TaskState::awaiting() const noexcept {
  if (done()) return "done";
  return waiter_ != nullptr ? waiter_->what() : "ready";
}

bool TaskState::cancel() noexcept {
  if (done()) return false;
  if (cancelling_) return true;
  if (waiter_ != nullptr && shields_ == 0) {
    waiter_->cancel();
  } else {
    cancel_pending_ = true;
  }
  return true;
}

void TaskState::run() noexcept {
  phase_ = Phase::started;
  if (cancel_pending_) {
    set_error(nullptr, true);
    finish();
    return;
  }
  resume(root_);
}

// A coroutine that ends names the one that awaited it as the continuation. That one is resumed from here and
// not from inside, so the stack stays flat whatever the compiler makes of symmetric transfer.
void TaskState::resume(std::coroutine_handle<> handle) noexcept {
  TaskState* const outer = std::exchange(loop_.current_task_, this);
  burst_ = kBurst;
  cancelling_ = false;
  const TimePoint start = loop_.debug() != nullptr ? loop_.now() : TimePoint{};
  for (;;) {
    handle.resume();
    if (!loop_.continuation_) break;
    handle = std::exchange(loop_.continuation_, nullptr);
  }
  loop_.current_task_ = outer;
  if (loop_.debug() != nullptr) [[unlikely]]
    loop_.debug()->task_ran(*this, loop_.now() - start);
  if (at_end_) finish();
}

void TaskState::finish() noexcept {
  if (at_end_) collect();
  std::exchange(root_, nullptr).destroy();
  phase_ = Phase::done;
  while (!observers_.empty()) observers_.pop_front().on_task_end(*this);
  ListNode<AllTasksTag>::unlink();
  if (scope_ != nullptr) {
    ListNode<ScopeTag>::unlink();
    std::exchange(scope_, nullptr)->on_end(*this);
  }
  release();
}

void TaskState::destroy() noexcept { delete this; }

void TaskScope::add(TaskState& task) noexcept {
  task.scope_ = this;
  tasks_.push_back(task);
}

// Cancelling never runs anything inline, so the list doesn't change meanwhile.
void TaskScope::cancel_all() noexcept {
  tasks_.for_each([](TaskState& task) { task.cancel(); });
}

TaskScope::~TaskScope() {
  tasks_.for_each([](TaskState& task) { task.scope_ = nullptr; });
}

void Waiter::wake() noexcept {
  unlink();
  task_->waiter_ = nullptr;
  task_->since_ = task_->loop().turn_time();
  task_->loop().schedule(*this);
}

Waiter::~Waiter() {
  if (task_ != nullptr && task_->waiter_ == this) task_->waiter_ = nullptr;
}

bool Waiter::suspend() noexcept {
  task_->waiter_ = this;
  task_->since_ = task_->loop().turn_time();
  return true;
}

void Waiter::cancel() noexcept {
  cancelled_ = true;
  task_->cancelling_ = true;
  on_cancel();
  wake();
}

void Waiter::run() noexcept { task_->resume(handle_); }

CancelShield::CancelShield() : task_(EventLoop::current().current_task()) { ++task_.shields_; }

}  // namespace leat::async
