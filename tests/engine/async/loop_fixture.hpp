#pragma once

#include <chrono>
#include <utility>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

using namespace std::chrono_literals;

/// A loop with a manual clock: waits of hours pass at once, in the right order.
struct ManualLoop {
  ManualClock clock;
  EventLoop loop{&clock};

  template <class T>
  T run(Task<T> main) {
    return loop.run(std::move(main));
  }
  [[nodiscard]] Duration elapsed() const { return clock.now().time_since_epoch(); }
};

/// Lets everything else have `turns` turns.
inline Task<void> turns(int count) {
  for (int i = 0; i < count; ++i) co_await yield();
}

/// Waits for the coroutine of the handle to end; true if it was cancelled.
template <class T>
Task<bool> ends_cancelled(TaskHandle<T> handle) {
  try {
    static_cast<void>(co_await handle);
  } catch (const Cancelled&) {
    co_return true;
  }
  co_return false;
}

}  // namespace leat::async
