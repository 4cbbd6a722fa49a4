#include "engine/async/sleep.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> note_after(Duration delay, int id, std::vector<int>& order) {
  co_await sleep_for(delay);
  order.push_back(id);
}

}  // namespace

TEST_CASE("sleep: it wakes tasks in the order of their times, whatever the order of the calls") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    spawn(note_after(30ms, 3, o));
    spawn(note_after(10ms, 1, o));
    spawn(note_after(20ms, 2, o));
    co_await sleep_for(1s);
  }(order));
  CHECK(order == std::vector{1, 2, 3});
  CHECK(t.elapsed() == 1s);
}

TEST_CASE("sleep: it takes at least its time on the real clock") {
  EventLoop loop;
  const auto start = std::chrono::steady_clock::now();
  loop.run([]() -> Task<void> { co_await sleep_for(3ms); }());
  CHECK(std::chrono::steady_clock::now() - start >= 3ms);
}

TEST_CASE("sleep: a sleep of zero, or until a time that has passed, takes one turn") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    co_await sleep_for(0s);
    co_await sleep_for(-5s);
    const TimePoint past;
    co_await sleep_until(past);
  }());
  CHECK(t.elapsed() == 0s);
}

TEST_CASE("sleep: an endless sleep doesn't overflow, and it can be cancelled") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    co_await sleep_for(1h);
    auto sleeper = spawn([]() -> Task<void> { co_await sleep_for(Duration::max()); }());
    co_await sleep_for(23h);
    CHECK_FALSE(sleeper.done());
    sleeper.cancel();
    auto joining = ends_cancelled(sleeper);
    CHECK(co_await std::move(joining));
  }());
  CHECK(t.elapsed() == 24h);
}

TEST_CASE("sleep: cancelling it removes the timer at once") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto sleeper = spawn([]() -> Task<void> { co_await sleep_for(1h); }());
    co_await yield();
    sleeper.cancel();
    auto joining = ends_cancelled(sleeper);
    CHECK(co_await std::move(joining));
  }());
  CHECK(t.elapsed() == 0s);
}

TEST_CASE("sleep: if no loop runs, it is an error that says what to do") {
  CHECK_THROWS_WITH_AS((void)sleep_for(1s),
                       "no event loop is running on this thread; do this from a task inside EventLoop::run",
                       UsageError);
}

TEST_CASE("yield: it gives way for exactly one turn") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    const auto take_turns = [](int id, std::vector<int>& out) -> Task<void> {
      for (int i = 0; i < 3; ++i) {
        out.push_back(id);
        co_await yield();
      }
    };
    auto a = spawn(take_turns(1, o));
    auto b = spawn(take_turns(2, o));
    auto c = spawn(take_turns(3, o));
    co_await a;
    co_await b;
    co_await c;
  }(order));
  CHECK(order == std::vector{1, 2, 3, 1, 2, 3, 1, 2, 3});
}

TEST_CASE("yield: a task that only yields is cancelled at its next yield") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto spinner = spawn([]() -> Task<void> {
      for (;;) co_await yield();
    }());
    auto waiting = turns(10);
    co_await std::move(waiting);
    spinner.cancel();
    auto joining = ends_cancelled(spinner);
    CHECK(co_await std::move(joining));
  }());
}
