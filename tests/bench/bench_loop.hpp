#pragma once

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

namespace leat::async {

using namespace std::chrono_literals;

/// Times `body(state)`, a coroutine, from inside a running loop, so that the loop's start is not counted.
template <class Body>
void bench_in_loop(benchmark::State& state, Body body) {
  EventLoop loop;
  loop.run(body(state));
}

inline Task<void> nothing() { co_return; }
inline Task<int> one() { co_return 1; }

/// `count` coroutines that make() gives.
template <class Make>
auto make_many(std::int64_t count, Make make) {
  std::vector<decltype(make())> tasks;
  tasks.reserve(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) tasks.push_back(make());
  return tasks;
}

/// Calls fn after everything that is ready, without a task: this wakes the one task that is measured.
template <class Fn>
class Soon final : public Runnable {
 public:
  explicit Soon(Fn fn) : fn_(std::move(fn)) {}
  void run() noexcept override { fn_(); }

 private:
  Fn fn_;
};

}  // namespace leat::async
