#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/async/clock.hpp"

namespace leat::async {

class TaskState;

/// A place in the source. `Where::here()` as a default argument is the place of the call (clang 14 has no
/// std::source_location).
struct Where {
  static constexpr Where here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) noexcept {
    return Where{file, line};
  }
  const char* file = nullptr;
  int line = 0;
};

/// What an EventLoop in debug mode reports, and to whom. See EventLoop::set_debug.
struct DebugOptions {
  /// A task that runs for at least this long without a wait is reported.
  Duration slow_callback = std::chrono::milliseconds(100);
  /// Called with one line, without a newline, on the loop's thread. Must not throw.
  std::function<void(std::string_view)> report;
};

/// Writes the reports of one EventLoop in debug mode:
///
/// - a task, or a function that was posted, that held up the loop;
/// - a coroutine that was dropped before it was awaited or spawned;
/// - a task whose error nobody looked at before its last handle went;
/// - a task that was still alive when the main task ended.
///
/// For the engine only. Loop thread only.
class DebugHooks {
 public:
  explicit DebugHooks(DebugOptions options);

  [[nodiscard]] const DebugOptions& options() const noexcept { return options_; }

  void task_spawned(const TaskState& task, Where where);
  void task_gone(const TaskState& task) noexcept;
  void task_ran(const TaskState& task, Duration took);
  void post_ran(Duration took);
  void coroutine_dropped(const TaskState* in_task);
  void task_left_over(const TaskState& task, TimePoint now);

 private:
  [[nodiscard]] std::string describe(const TaskState& task) const;

  DebugOptions options_;
  std::unordered_map<const TaskState*, Where> spawned_at_;
};

}  // namespace leat::async
