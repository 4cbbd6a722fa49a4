// Measures a wait for an Event: for one that is set already, and for one that is set meanwhile.

#include "engine/async/event.hpp"

#include "tests/bench/bench_loop.hpp"

using namespace leat::async;

namespace {

Task<void> wait_when_set(benchmark::State& state) {
  Event event;
  event.set();
  for (auto _ : state) co_await event.wait();
}

Task<void> wait_until_set(benchmark::State& state) {
  std::optional<Event> event;
  Soon setter([&event] { event->set(); });
  for (auto _ : state) {
    event.emplace();
    EventLoop::current().schedule(setter);
    co_await event->wait();
  }
}

void event_set_already(benchmark::State& state) { bench_in_loop(state, wait_when_set); }
void event_set_meanwhile(benchmark::State& state) { bench_in_loop(state, wait_until_set); }

}  // namespace

BENCHMARK(event_set_already);
BENCHMARK(event_set_meanwhile);
