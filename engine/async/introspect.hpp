#pragma once

#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task_state.hpp"

namespace leat::async {

class EventLoop;

/// Says what one task is doing. It is a copy and doesn't change afterwards.
struct TaskInfo {
  std::string name;
  TaskStatus status;
  std::string awaiting;  // "sleep", "queue.get", …; empty unless the status is `waiting`
  TimePoint since;       // the time at which this status began
};

/// Gives all tasks of the loop that have not ended, in the order in which they were spawned. Loop thread
/// only. It costs nothing until it is called.
[[nodiscard]] std::vector<TaskInfo> all_tasks(EventLoop& loop);

/// Gives "queued", "ready", "running", "waiting" or "done".
[[nodiscard]] const char* to_string(TaskStatus status) noexcept;

}  // namespace leat::async
