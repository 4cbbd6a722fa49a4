// Measures a look at all tasks while many of them sleep, per task.

#include "engine/async/introspect.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> sleep_long() { co_await sleep_for(1h); }

Task<void> list_tasks(benchmark::State& state) {
  const auto make = [] { return spawn(sleep_long(), "sleeper"); };
  const auto tasks = make_many(state.range(0), make);
  co_await yield();
  for (auto _ : state) {
    auto infos = all_tasks(EventLoop::current());
    benchmark::DoNotOptimize(infos);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void introspect_all_tasks(benchmark::State& state) { bench_in_loop(state, list_tasks); }

}  // namespace

BENCHMARK(introspect_all_tasks)->Arg(10'000);
