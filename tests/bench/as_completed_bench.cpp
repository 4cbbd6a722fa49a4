// Measures one outcome of an endless source, from its pull to `next`, at several limits.

#include "engine/async/as_completed.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<std::optional<int>> pull() { co_return 1; }
Task<int> at_once(int item) { co_return item; }
Task<int> after_a_turn(int item) {
  co_await yield();
  co_return item;
}

Task<void> next_of(benchmark::State& state, Task<int> (*work)(int)) {
  AsCompleted<int, int> outcomes(static_cast<std::size_t>(state.range(0)), pull, work);
  for (auto _ : state) {
    auto coming = outcomes.next();
    auto outcome = co_await std::move(coming);
    benchmark::DoNotOptimize(outcome);
  }
  auto stopping = outcomes.stop();
  co_await std::move(stopping);
}

Task<void> work_at_once(benchmark::State& state) { return next_of(state, at_once); }
Task<void> work_a_turn(benchmark::State& state) { return next_of(state, after_a_turn); }

void as_completed_at_once(benchmark::State& state) { bench_in_loop(state, work_at_once); }
void as_completed_after_a_turn(benchmark::State& state) { bench_in_loop(state, work_a_turn); }

}  // namespace

BENCHMARK(as_completed_at_once)->Arg(1)->Arg(64);
BENCHMARK(as_completed_after_a_turn)->Arg(1)->Arg(64);
