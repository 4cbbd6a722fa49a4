// Measures taking and giving back a semaphore's permit: alone, and handed over between tasks.

#include "engine/async/semaphore.hpp"

#include <vector>

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> acquire_and_release(benchmark::State& state) {
  Semaphore semaphore(1);
  for (auto _ : state) auto permit = co_await semaphore.acquire();
}

Task<void> contend(Semaphore& semaphore) {
  for (;;) auto permit = co_await semaphore.acquire();
}

// There are one permit and many tasks, so each acquire waits for a hand-over.
Task<void> hand_over(benchmark::State& state) {
  Semaphore semaphore(1);
  std::vector<TaskHandle<void>> tasks;
  const auto rivals = state.range(0);
  for (int i = 0; i < rivals; ++i) tasks.push_back(spawn(contend(semaphore)));
  co_await yield();
  for (auto _ : state) auto permit = co_await semaphore.acquire();
  state.SetItemsProcessed(state.iterations() * (rivals + 1));
  for (auto& task : tasks) task.cancel();
}

void semaphore_uncontended(benchmark::State& state) { bench_in_loop(state, acquire_and_release); }
void semaphore_hand_over(benchmark::State& state) { bench_in_loop(state, hand_over); }

}  // namespace

BENCHMARK(semaphore_uncontended);
BENCHMARK(semaphore_hand_over)->Arg(1)->Arg(64);
