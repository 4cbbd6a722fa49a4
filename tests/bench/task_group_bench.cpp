// Measures a task group: an empty one, and one with tasks that do nothing, per task.

#include "engine/async/task_group.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> fill(TaskGroup& group, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) group.spawn(nothing());
  co_return;
}

Task<void> join_children(benchmark::State& state) {
  const auto count = state.range(0);
  const auto block = [count](TaskGroup& group) { return fill(group, count); };
  for (auto _ : state) {
    auto joining = with_task_group(EventLoop::current(), block);
    co_await std::move(joining);
  }
  state.SetItemsProcessed(state.iterations() * (count + 1));
}

void task_group(benchmark::State& state) { bench_in_loop(state, join_children); }

}  // namespace

BENCHMARK(task_group)->Arg(0)->Arg(1)->Arg(64);
