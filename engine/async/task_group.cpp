#include "engine/async/task_group.hpp"

namespace leat::async {

namespace {

std::string describe(const std::vector<std::exception_ptr>& errors) {
  std::string text = "task group: ";
  text += std::to_string(errors.size()) + (errors.size() == 1 ? " task failed" : " tasks failed");
  const char* separator = ": ";
  for (const auto& error : errors) {
    text += std::exchange(separator, "; ");
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& exception) {
      text += exception.what();
    } catch (...) {
      text += "unknown error";
    }
  }
  return text;
}

}  // namespace

TaskGroupError::TaskGroupError(std::vector<std::exception_ptr> errors)
    : std::runtime_error(describe(errors)), errors_(std::move(errors)) {}

void TaskGroup::check_open() const {
  if (ended_.is_set()) throw UsageError("TaskGroup::spawn: the group has ended; spawn from inside it");
}

void TaskGroup::on_end(TaskState& task) noexcept {
  if (task.failed() && !task.cancelled()) {
    errors_.push_back(task.exception());
    if (!stopping_) cancel();
  } else if (&task == block_ && task.cancelled() && !stopping_) {
    block_cancelled_ = true;
    cancel();
  }
  if (empty()) ended_.set();
}

Task<void> TaskGroup::join(TaskGroup& self, TaskState& block) {
  self.block_ = &block;
  bool cancelled = false;
  try {
    co_await self.ended_.wait();
  } catch (const Cancelled&) {
    cancelled = true;
  }
  if (cancelled) {
    self.cancel();
    const CancelShield shield;
    co_await self.ended_.wait();
  }
  if (!self.errors_.empty()) {
    if (cancelled) block.loop().current_task().cancel();
    throw TaskGroupError(std::move(self.errors_));
  }
  if (cancelled || self.block_cancelled_) throw Cancelled{};
}

}  // namespace leat::async
