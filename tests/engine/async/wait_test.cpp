#include "engine/async/wait.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<int> give_after(Duration delay, int value) {
  co_await sleep_for(delay);
  if (value < 0) throw std::runtime_error("negative");
  co_return value;
}

// Task i takes (i + 1) * 10 ms; a negative value fails.
std::vector<TaskHandle<int>> spawn_ladder(std::initializer_list<int> values) {
  std::vector<TaskHandle<int>> tasks;
  auto delay = 10ms;
  for (const int value : values) {
    tasks.push_back(spawn(give_after(delay, value)));
    delay += 10ms;
  }
  return tasks;
}

Duration now() { return EventLoop::current().now().time_since_epoch(); }

}  // namespace

TEST_CASE("wait: it waits for all tasks, whether they end well or not") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, -1, 3});
    auto [done, pending] = co_await wait(tasks);
    CHECK(done.size() == 3);
    CHECK(pending.empty());
    CHECK(done[0].result() == 1);
    CHECK_THROWS_WITH(done[1].result(), "negative");
    CHECK(done[2].result() == 3);
    CHECK(now() == 30ms);
  }());
}

TEST_CASE("wait: it waits for the first task to end; the others are pending and go on") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2, 3});
    auto [done, pending] = co_await wait(tasks, ReturnWhen::first_completed);
    CHECK(now() == 10ms);
    REQUIRE(done.size() == 1);
    REQUIRE(pending.size() == 2);
    CHECK(done[0].result() == 1);
    const int second = co_await pending[0];
    CHECK(second == 2);
  }());
}

TEST_CASE("wait: it waits for the first error and doesn't throw it; a cancellation isn't an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2, -1, 4});
    tasks[1].cancel();
    auto [done, pending] = co_await wait(tasks, ReturnWhen::first_exception);
    CHECK(now() == 30ms);
    CHECK(done.size() == 3);
    CHECK(pending.size() == 1);
    auto rest = co_await wait(pending, ReturnWhen::first_exception);
    CHECK(rest.done.size() == 1);
    CHECK(now() == 40ms);
  }());
}

TEST_CASE("wait: if there is no error to wait for, it waits for all tasks") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2, 3});
    auto found = co_await wait(tasks, ReturnWhen::first_exception);
    CHECK(found.done.size() == 3);
    CHECK(now() == 30ms);
  }());
}

TEST_CASE("wait: it doesn't wait for a task that has ended already") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, -1, 3});
    co_await sleep_for(25ms);
    auto first = co_await wait(tasks, ReturnWhen::first_completed);
    CHECK(first.done.size() == 2);
    auto failed = co_await wait(tasks, ReturnWhen::first_exception);
    CHECK(failed.done.size() == 2);
    CHECK(now() == 25ms);
  }());
}

TEST_CASE("wait: both sets are in the order of the input") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2, 3, 4});
    std::swap(tasks[0], tasks[1]);
    std::swap(tasks[2], tasks[3]);
    auto [done, pending] = co_await wait(tasks, ReturnWhen::all_completed, 25ms);
    REQUIRE(done.size() == 2);
    REQUIRE(pending.size() == 2);
    CHECK(done[0].result() == 2);
    CHECK(done[1].result() == 1);
    const int last = co_await pending[0];
    CHECK(last == 4);
  }());
}

TEST_CASE("wait: in every mode the timeout ends it, and cancels nothing") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2});
    auto none = co_await wait(tasks, ReturnWhen::first_completed, 5ms);
    CHECK(none.done.empty());
    CHECK(now() == 5ms);
    auto one = co_await wait(tasks, ReturnWhen::first_exception, 10ms);
    CHECK(one.done.size() == 1);
    CHECK(now() == 15ms);
    auto both = co_await wait(tasks);
    CHECK(both.done[0].result() == 1);
    CHECK(both.done[1].result() == 2);
  }());
}

TEST_CASE("wait: it waits for at most the time given, and cancels nothing then") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2, 3});
    auto some = co_await wait(tasks, ReturnWhen::all_completed, 25ms);
    CHECK(now() == 25ms);
    CHECK(some.done.size() == 2);
    CHECK(some.pending.size() == 1);
    auto all = co_await wait(tasks, ReturnWhen::all_completed, 1h);
    CHECK(all.done.size() == 3);
    CHECK(now() == 30ms);
  }());
}

TEST_CASE("wait: a task that ends in the tick of the timeout is done") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2});
    auto found = co_await wait(tasks, ReturnWhen::all_completed, 20ms);
    CHECK(found.done.size() == 2);
  }());
}

TEST_CASE("wait: a timeout of zero looks without waiting") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2});
    auto none = co_await wait(tasks, ReturnWhen::first_completed, 0s);
    CHECK(none.done.empty());
    co_await sleep_for(10ms);
    co_await yield();
    auto one = co_await wait(tasks, ReturnWhen::all_completed, 0s);
    CHECK(one.done.size() == 1);
    CHECK(now() == 10ms);
  }());
}

TEST_CASE("wait: if it is cancelled, the tasks go on") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto tasks = spawn_ladder({1, 2});
    auto waiter = spawn(wait(tasks));
    co_await sleep_for(5ms);
    waiter.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
    auto all = co_await wait(tasks);
    CHECK(all.done.size() == 2);
    CHECK_FALSE(all.done[0].cancelled());
  }());
}

TEST_CASE("wait: waiting for no task is an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<TaskHandle<int>> none;
    CHECK_THROWS_WITH_AS(co_await wait(none), "wait: there are no tasks to wait for", UsageError);
  }());
}
