// Measures a loop that is made, run without work and closed, and a posted function, which wakes the loop out
// of its poll. A post from another thread is in to_thread_bench.

#include "engine/async/event_loop.hpp"

#include "engine/async/event.hpp"
#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> post_and_wait(benchmark::State& state) {
  EventLoop& loop = EventLoop::current();
  for (auto _ : state) {
    Event ran;
    loop.post([&ran] { ran.set(); });
    co_await ran.wait();
  }
}

void event_loop_run(benchmark::State& state) {
  for (auto _ : state) {
    EventLoop loop;
    loop.run(nothing());
  }
}
void event_loop_post(benchmark::State& state) { bench_in_loop(state, post_and_wait); }

}  // namespace

BENCHMARK(event_loop_run);
BENCHMARK(event_loop_post);
