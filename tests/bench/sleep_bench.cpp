// Measures a turn of the loop, a sleep that is due at once and polls for I/O, many sleeps that end in random
// order by a manual clock, so that the timers and not the time are measured, and a sleep that is cancelled.

#include "engine/async/sleep.hpp"

#include <random>

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> sleep_ms(int delay) { co_await sleep_for(std::chrono::milliseconds(delay)); }

Task<void> yield_once(benchmark::State& state) {
  for (auto _ : state) co_await yield();
}

Task<void> sleep_no_time(benchmark::State& state) {
  for (auto _ : state) co_await sleep_for(0ms);
}

Task<void> sleep_in_random_order(benchmark::State& state) {
  std::mt19937 random(1);
  const auto make = [&random] { return spawn(sleep_ms(static_cast<int>(random() % 10'000))); };
  for (auto _ : state) {
    auto tasks = make_many(state.range(0), make);
    for (auto& task : tasks) co_await task;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

Task<void> cancel_one(benchmark::State& state) {
  for (auto _ : state) {
    auto task = spawn(sleep_ms(3'600'000));
    co_await yield();
    task.cancel();
    while (!task.done()) co_await yield();
  }
}

void sleep_yield(benchmark::State& state) { bench_in_loop(state, yield_once); }
void sleep_zero(benchmark::State& state) { bench_in_loop(state, sleep_no_time); }
void sleep_many(benchmark::State& state) {
  ManualClock clock;
  EventLoop loop(&clock);
  loop.run(sleep_in_random_order(state));
}
void sleep_cancelled(benchmark::State& state) { bench_in_loop(state, cancel_one); }

}  // namespace

BENCHMARK(sleep_yield);
BENCHMARK(sleep_zero);
BENCHMARK(sleep_many)->Arg(1'000)->Arg(100'000);
BENCHMARK(sleep_cancelled);
