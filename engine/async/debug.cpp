#include "engine/async/debug.hpp"

#include <exception>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/task_state.hpp"

namespace leat::async {

namespace {

std::string milliseconds(Duration time) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()) + " ms";
}

// Gives an empty text if the place isn't known.
std::string place(const char* verb, const Where& where) {
  if (where.file == nullptr) return {};
  return std::string(" (") + verb + " " + where.file + ":" + std::to_string(where.line) + ")";
}

std::string message_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& exception) {
    return exception.what();
  } catch (...) {
    return "unknown error";
  }
}

}  // namespace

DebugHooks::DebugHooks(DebugOptions options) : options_(std::move(options)) {
  if (!options_.report) throw UsageError("EventLoop::set_debug: report must be a function");
}

std::string DebugHooks::describe(const TaskState& task) const {
  std::string text = "task '" + task.name() + "'";
  const auto found = spawned_at_.find(&task);
  if (found != spawned_at_.end()) text += place("spawned at", found->second);
  return text;
}

void DebugHooks::task_spawned(const TaskState& task, Where where) { spawned_at_[&task] = where; }

// An error of a task that is no longer in the table was reported when its run ended.
void DebugHooks::task_gone(const TaskState& task) noexcept {
  if (!spawned_at_.contains(&task)) return;
  report_unseen_error(task);
  spawned_at_.erase(&task);
}

void DebugHooks::run_ended() {
  for (const auto& [task, where] : spawned_at_) report_unseen_error(*task);
  spawned_at_.clear();
}

void DebugHooks::report_unseen_error(const TaskState& task) const {
  if (const auto error = task.unseen_error())
    options_.report(describe(task) + " failed, and nobody looked at its error: " + message_of(error));
}

void DebugHooks::task_ran(const TaskState& task, Duration took) {
  if (took >= options_.slow_callback)
    options_.report(describe(task) + " held up the loop for " + milliseconds(took));
}

void DebugHooks::post_ran(Duration took) {
  if (took >= options_.slow_callback)
    options_.report("a posted function held up the loop for " + milliseconds(took));
}

void DebugHooks::coroutine_dropped(const CoroutineSource& source, const TaskState* in_task) {
  std::string text = std::string("coroutine '") + source.function() + "'" + place("in", source.where()) +
                     " was dropped before it was awaited or spawned";
  if (in_task != nullptr) text += ", in " + describe(*in_task);
  options_.report(text);
}

void DebugHooks::task_left_over(const TaskState& task, TimePoint now) {
  options_.report(describe(task) + " was still alive at the end, awaiting " + task.awaiting() + " for " +
                  milliseconds(now - task.since()));
}

}  // namespace leat::async
