// Measures what a task costs: to spawn and join it, to hold it while it sleeps, and to cancel it.

#include <benchmark/benchmark.h>
#include <malloc.h>
#include <unistd.h>

#include <fstream>
#include <vector>

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> sleep_long() { co_await sleep_for(1h); }

std::size_t bytes_in_use() {
  const auto info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t pages = 0;
  statm >> pages >> pages;  // first the address space, then what is resident
  return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
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

// Only the cancellation is timed, from the first cancel until the last task has ended. The bytes are
// malloc's: for each task its frame, its state and its timer. The MB are what the process has grown by,
// including its handles.
Task<void> sleep_and_cancel(benchmark::State& state) {
  const auto count = static_cast<std::size_t>(state.range(0));
  const auto make = [] { return spawn(sleep_long()); };
  for (auto _ : state) {
    const std::size_t resident = resident_bytes();
    const std::size_t used = bytes_in_use() + count * sizeof(TaskHandle<void>);
    auto tasks = make_many(state.range(0), make);
    co_await sleep_for(1ms);
    state.counters["bytes/task"] = static_cast<double>(bytes_in_use() - used) / static_cast<double>(count);
    state.counters["MB"] = static_cast<double>(resident_bytes() - resident) / 1e6;
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
void task_sleep_and_cancel(benchmark::State& state) { bench_in_loop(state, sleep_and_cancel); }

}  // namespace

BENCHMARK(task_spawn_and_join);
BENCHMARK(task_spawn_many)->Arg(1000);
BENCHMARK(task_await_in_line);
BENCHMARK(task_sleep_and_cancel)
    ->Arg(1'000'000)
    ->Iterations(1)
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);
