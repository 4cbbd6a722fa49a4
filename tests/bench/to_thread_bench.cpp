// Measures a call on another thread and back: one at a time, which is two wake-ups of a thread, and many at
// once.

#include "engine/async/to_thread.hpp"

#include "engine/async/gather.hpp"
#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<int> call() {
  const auto work = [] { return 1; };
  return to_thread(work);
}

Task<void> one_by_one(benchmark::State& state) {
  for (auto _ : state) {
    auto calling = call();
    benchmark::DoNotOptimize(co_await std::move(calling));
  }
}

Task<void> many_at_once(benchmark::State& state) {
  for (auto _ : state) {
    auto gathering = gather(make_many(state.range(0), call));
    auto results = co_await std::move(gathering);
    benchmark::DoNotOptimize(results);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void to_thread_one(benchmark::State& state) { bench_in_loop(state, one_by_one); }
void to_thread_many(benchmark::State& state) { bench_in_loop(state, many_at_once); }

}  // namespace

BENCHMARK(to_thread_one)->UseRealTime();
BENCHMARK(to_thread_many)->Arg(64)->UseRealTime();
