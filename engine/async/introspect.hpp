#pragma once

#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task_state.hpp"

namespace leat::async {

class EventLoop;

/// What one task is doing. A copy: it stays as it was when it was taken.
struct TaskInfo {
  std::string name;
  TaskStatus status;
  std::string awaiting;  // "sleep", "queue.get", …; empty unless status is waiting
  TimePoint since;       // of that status
};

/// All tasks of the loop that have not ended, in the order in which they were spawned. Loop thread only;
/// costs nothing until it is called.
[[nodiscard]] std::vector<TaskInfo> all_tasks(EventLoop& loop);

/// "queued", "ready", "running", "waiting" or "done".
[[nodiscard]] const char* to_string(TaskStatus status) noexcept;

}  // namespace leat::async
