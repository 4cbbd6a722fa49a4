// Measures an item through a queue: put and got by one task, and from task to task through a full queue of
// 64.

#include "engine/async/queue.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> put_and_get(benchmark::State& state) {
  Queue<int> queue(64);
  for (auto _ : state) {
    co_await queue.put(1);
    auto item = co_await queue.get();
    benchmark::DoNotOptimize(item);
  }
}

Task<void> produce(Queue<int>& queue) {
  for (;;) co_await queue.put(1);
}

Task<void> through_full(benchmark::State& state) {
  Queue<int> queue(64);
  auto producer = spawn(produce(queue));
  for (int i = 0; i < 8; ++i) co_await yield();
  for (auto _ : state) {
    auto item = co_await queue.get();
    benchmark::DoNotOptimize(item);
  }
  producer.cancel();
}

void queue_put_and_get(benchmark::State& state) { bench_in_loop(state, put_and_get); }
void queue_through_full_64(benchmark::State& state) { bench_in_loop(state, through_full); }

}  // namespace

BENCHMARK(queue_put_and_get);
BENCHMARK(queue_through_full_64);
