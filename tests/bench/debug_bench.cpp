// Measures what debug mode costs: the same work with it off, which is a branch at each place that could
// report, and with it on. The ratio is printed with the second.

#include "engine/async/debug.hpp"

#include <ctime>

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

enum Mode : std::int64_t { off, on };

Task<void> spawn_and_join(benchmark::State& state) {
  for (auto _ : state) {
    auto task = spawn(nothing());
    co_await task;
  }
}

Task<void> take_turns(benchmark::State& state) {
  for (auto _ : state) co_await yield();
}

template <class Body>
void bench_in_mode(benchmark::State& state, Body body) {
  EventLoop loop;
  if (state.range(0) == on) {
    const auto ignore = [](std::string_view report) { benchmark::DoNotOptimize(report); };
    loop.set_debug({.slow_callback = 1h, .report = ignore});
  }
  static double time_off = 0;
  const auto start = std::clock();
  loop.run(body(state));
  const double time = static_cast<double>(std::clock() - start) / static_cast<double>(state.iterations());
  if (state.range(0) == off) time_off = time;
  if (state.range(0) == on && time_off > 0) state.counters["x off"] = time / time_off;
}

void debug_spawn_and_join(benchmark::State& state) { bench_in_mode(state, spawn_and_join); }
void debug_turn(benchmark::State& state) { bench_in_mode(state, take_turns); }

}  // namespace

BENCHMARK(debug_spawn_and_join)->ArgName("on")->Arg(off)->Arg(on);
BENCHMARK(debug_turn)->ArgName("on")->Arg(off)->Arg(on);
