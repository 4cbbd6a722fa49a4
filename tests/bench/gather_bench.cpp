// Measures gather of coroutines that do nothing, per item: in both modes, and with several types.

#include "engine/async/gather.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> results(benchmark::State& state) {
  for (auto _ : state) {
    auto gathering = gather(make_many(state.range(0), one));
    auto values = co_await std::move(gathering);
    benchmark::DoNotOptimize(values);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

Task<void> outcomes(benchmark::State& state) {
  for (auto _ : state) {
    auto gathering = gather(make_many(state.range(0), one), return_exceptions);
    auto values = co_await std::move(gathering);
    benchmark::DoNotOptimize(values);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

Task<void> of_two_types(benchmark::State& state) {
  for (auto _ : state) {
    auto gathering = gather(one(), nothing());
    auto values = co_await std::move(gathering);
    benchmark::DoNotOptimize(values);
  }
  state.SetItemsProcessed(state.iterations() * 2);
}

void gather_results(benchmark::State& state) { bench_in_loop(state, results); }
void gather_outcomes(benchmark::State& state) { bench_in_loop(state, outcomes); }
void gather_two_types(benchmark::State& state) { bench_in_loop(state, of_two_types); }

}  // namespace

BENCHMARK(gather_results)->Arg(1)->Arg(64);
BENCHMARK(gather_outcomes)->Arg(1)->Arg(64);
BENCHMARK(gather_two_types);
