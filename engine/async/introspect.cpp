#include "engine/async/introspect.hpp"

#include "engine/async/event_loop.hpp"

namespace leat::async {

std::vector<TaskInfo> all_tasks(EventLoop& loop) {
  std::vector<TaskInfo> tasks;
  loop.for_each_task([&](const TaskState& task) {
    const TaskStatus status = task.status();
    const char* awaiting = status == TaskStatus::waiting ? task.awaiting() : "";
    tasks.push_back(TaskInfo{task.name(), status, awaiting, task.since()});
  });
  return tasks;
}

const char* to_string(TaskStatus status) noexcept {
  switch (status) {
    case TaskStatus::queued:
      return "queued";
    case TaskStatus::ready:
      return "ready";
    case TaskStatus::running:
      return "running";
    case TaskStatus::waiting:
      return "waiting";
    case TaskStatus::done:
      return "done";
  }
  return "";
}

}  // namespace leat::async
