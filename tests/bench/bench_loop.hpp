#pragma once

#include <benchmark/benchmark.h>

#include <chrono>

#include "engine/async/event_loop.hpp"
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

}  // namespace leat::async
