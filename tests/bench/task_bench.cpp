// What a task costs: to spawn and join, to hold while it sleeps, to cancel.

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <vector>

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> nothing() { co_return; }
Task<void> sleep_long() { co_await sleep_for(1h); }

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

Task<void> spawn_and_join(benchmark::State& state) {
  for (auto _ : state) {
    auto task = spawn(nothing());
    co_await task;
  }
}

Task<void> spawn_many_then_join(benchmark::State& state) {
  std::vector<TaskHandle<void>> tasks;
  const auto count = static_cast<std::size_t>(state.range(0));
  tasks.reserve(count);
  for (auto _ : state) {
    for (std::size_t i = 0; i < count; ++i) tasks.push_back(spawn(nothing()));
    for (auto& task : tasks) co_await task;
    tasks.clear();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

Task<void> await_in_line(benchmark::State& state) {
  for (auto _ : state) {
    auto task = nothing();
    co_await std::move(task);
  }
}

Task<void> yield_once(benchmark::State& state) {
  for (auto _ : state) co_await yield();
}

// Bytes of malloc for each task that sleeps: its frame, its state, its timer; the handle isn't counted.
Task<void> sleeping_memory(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    std::vector<TaskHandle<void>> tasks;
    tasks.reserve(count);
    const std::size_t before = bytes_in_use();
    for (std::size_t i = 0; i < count; ++i) tasks.push_back(spawn(sleep_long()));
    co_await sleep_for(1ms);
    state.counters["bytes/task"] = static_cast<double>(bytes_in_use() - before) / static_cast<double>(count);
    for (auto& task : tasks) task.cancel();
    for (auto& task : tasks) {
      while (!task.done()) co_await yield();
    }
  }
}

// Only the cancelling is timed, from the first cancel until the last task is gone.
Task<void> cancel_sleeping(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  for (auto _ : state) {
    std::vector<TaskHandle<void>> tasks;
    tasks.reserve(count);
    for (std::size_t i = 0; i < count; ++i) tasks.push_back(spawn(sleep_long()));
    co_await sleep_for(1ms);
    const auto start = std::chrono::steady_clock::now();
    for (auto& task : tasks) task.cancel();
    for (auto& task : tasks) {
      while (!task.done()) co_await yield();
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(took.count());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void task_spawn_and_join(benchmark::State& state) { bench_in_loop(state, spawn_and_join); }
void task_spawn_many(benchmark::State& state) { bench_in_loop(state, spawn_many_then_join); }
void task_await_in_line(benchmark::State& state) { bench_in_loop(state, await_in_line); }
void loop_yield(benchmark::State& state) { bench_in_loop(state, yield_once); }
void task_sleeping_memory(benchmark::State& state) { bench_in_loop(state, sleeping_memory); }
void task_cancel_sleeping(benchmark::State& state) { bench_in_loop(state, cancel_sleeping); }

}  // namespace

BENCHMARK(task_spawn_and_join);
BENCHMARK(task_spawn_many)->Arg(1000);
BENCHMARK(task_await_in_line);
BENCHMARK(loop_yield);
BENCHMARK(task_sleeping_memory)->Arg(100'000)->Iterations(1)->Unit(benchmark::kMillisecond);
BENCHMARK(task_cancel_sleeping)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
