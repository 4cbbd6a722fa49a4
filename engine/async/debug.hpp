#pragma once

#include <chrono>
#include <functional>
#include <source_location>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/async/clock.hpp"

namespace leat::async {

class TaskState;

/// A place in the source. `Where::here()` as a default argument gives the place of the call (clang 14 has no
/// std::source_location).
struct Where {
  static constexpr Where here(const char* file = __builtin_FILE(), int line = __builtin_LINE()) noexcept {
    return Where{file, line};
  }
  const char* file = nullptr;
  int line = 0;
};

/// A coroutine's function and a line of it (with g++ its last), kept in one pointer; with clang 14 only the
/// name. `CoroutineSource::here()` as a default argument of a promise's constructor gives the coroutine that
/// the promise is made for.
class CoroutineSource {
 public:
#ifdef __cpp_lib_source_location
  static constexpr CoroutineSource here(
      std::source_location here = std::source_location::current()) noexcept {
    return CoroutineSource(here);
  }
  [[nodiscard]] const char* function() const noexcept { return source_.function_name(); }
  [[nodiscard]] Where where() const noexcept {
    return Where{source_.file_name(), static_cast<int>(source_.line())};
  }

 private:
  using Source = std::source_location;
#else
  static constexpr CoroutineSource here(const char* function = __builtin_FUNCTION()) noexcept {
    return CoroutineSource(function);
  }
  [[nodiscard]] const char* function() const noexcept { return source_; }
  [[nodiscard]] Where where() const noexcept { return Where{}; }

 private:
  using Source = const char*;
#endif
  explicit constexpr CoroutineSource(Source source) noexcept : source_(source) {}
  Source source_;
};

/// Says what an EventLoop in debug mode reports, and to whom. See EventLoop::set_debug.
struct DebugOptions {
  /// A task that runs for at least this long without a wait is reported.
  Duration slow_callback = std::chrono::milliseconds(100);
  /// It is called with one line, without a newline, on the loop's thread. It must not throw.
  std::function<void(std::string_view)> report;
};

/// Writes the reports of one EventLoop in debug mode. It reports
///
/// - a task, or a function that was posted, that held up the loop;
/// - a coroutine that was dropped before it was awaited or spawned;
/// - a task whose error nobody looked at before its last handle went or the loop ended;
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
  void coroutine_dropped(const CoroutineSource& source, const TaskState* in_task);
  void task_left_over(const TaskState& task, TimePoint now);
  /// Call it when no task runs any more; handles may still hold tasks that have ended.
  void run_ended();

 private:
  [[nodiscard]] std::string describe(const TaskState& task) const;
  void report_unseen_error(const TaskState& task) const;

  DebugOptions options_;
  std::unordered_map<const TaskState*, Where> spawned_at_;  // tasks of this run that still exist
};

}  // namespace leat::async
