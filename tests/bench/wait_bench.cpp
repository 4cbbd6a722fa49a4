// Measures wait: for all of some new tasks, per task, and for the first of many that go on, which is what a
// loop around first_completed pays each time.

#include "engine/async/wait.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> sleep_long() { co_await sleep_for(1h); }

Task<void> for_all(benchmark::State& state) {
  const auto make = [] { return spawn(nothing()); };
  for (auto _ : state) {
    auto waiting = wait(make_many(state.range(0), make));
    auto waited = co_await std::move(waiting);
    benchmark::DoNotOptimize(waited);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

Task<void> for_first(benchmark::State& state, Duration timeout) {
  const auto make = [] { return spawn(sleep_long()); };
  auto tasks = make_many(state.range(0), make);
  for (auto _ : state) {
    tasks.back() = spawn(nothing());
    auto waiting = wait(tasks, ReturnWhen::first_completed, timeout);
    auto waited = co_await std::move(waiting);
    benchmark::DoNotOptimize(waited);
  }
}

Task<void> for_first_without_timeout(benchmark::State& state) { return for_first(state, Duration::max()); }
Task<void> for_first_with_timeout(benchmark::State& state) { return for_first(state, 1h); }

void wait_all(benchmark::State& state) { bench_in_loop(state, for_all); }
void wait_first(benchmark::State& state) { bench_in_loop(state, for_first_without_timeout); }
void wait_first_with_timeout(benchmark::State& state) { bench_in_loop(state, for_first_with_timeout); }

}  // namespace

BENCHMARK(wait_all)->Arg(1)->Arg(64);
BENCHMARK(wait_first)->Arg(2)->Arg(64);
BENCHMARK(wait_first_with_timeout)->Arg(2)->Arg(64);
