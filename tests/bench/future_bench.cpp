// Measures a value out of a Future: one that is there already, and one that is set meanwhile.

#include "engine/async/future.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> get_when_set(benchmark::State& state) {
  Future<int> future;
  future.set(1);
  for (auto _ : state) benchmark::DoNotOptimize(co_await future.get());
}

Task<void> get_until_set(benchmark::State& state) {
  std::optional<Future<int>> future;
  Soon setter([&future] { future->set(1); });
  for (auto _ : state) {
    future.emplace();
    EventLoop::current().schedule(setter);
    benchmark::DoNotOptimize(co_await future->get());
  }
}

void future_set_already(benchmark::State& state) { bench_in_loop(state, get_when_set); }
void future_set_meanwhile(benchmark::State& state) { bench_in_loop(state, get_until_set); }

}  // namespace

BENCHMARK(future_set_already);
BENCHMARK(future_set_meanwhile);
