// Measures a deadline that is not needed: around a coroutine that ends at once, one that waits, and a task
// that runs.

#include "engine/async/wait_for.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> wait_a_turn() { co_await yield(); }

Task<void> around_nothing(benchmark::State& state) {
  for (auto _ : state) {
    auto waiting = wait_for(nothing(), 1h);
    co_await std::move(waiting);
  }
}

Task<void> around_wait(benchmark::State& state) {
  for (auto _ : state) {
    auto waiting = wait_for(wait_a_turn(), 1h);
    co_await std::move(waiting);
  }
}

Task<void> around_task(benchmark::State& state) {
  for (auto _ : state) {
    auto waiting = wait_for(spawn(nothing()), 1h);
    co_await std::move(waiting);
  }
}

void wait_for_nothing(benchmark::State& state) { bench_in_loop(state, around_nothing); }
void wait_for_a_turn(benchmark::State& state) { bench_in_loop(state, around_wait); }
void wait_for_task(benchmark::State& state) { bench_in_loop(state, around_task); }

}  // namespace

BENCHMARK(wait_for_nothing);
BENCHMARK(wait_for_a_turn);
BENCHMARK(wait_for_task);
