#include "engine/async/task.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/async/event.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<int> add_one(int n, int& calls) {
  ++calls;
  co_return n + 1;
}

Task<void> sleep_an_hour() { co_await sleep_for(1h); }

Task<int> fail_after(Duration delay) {
  co_await sleep_for(delay);
  throw std::runtime_error("failed");
}

}  // namespace

TEST_CASE("Task: a coroutine that nobody awaits or spawns does nothing") {
  int calls = 0;
  { auto task = add_one(1, calls); }
  CHECK(calls == 0);
}

TEST_CASE("Task: an awaited task runs in line, before anything else has a turn") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int calls = 0;
    int others = 0;
    spawn(add_one(0, others));
    auto task = add_one(1, calls);
    const int result = co_await std::move(task);
    CHECK(result == 2);
    CHECK(calls == 1);
    CHECK(others == 0);
  }());
}

TEST_CASE("Task: spawned tasks run concurrently: N sleeps of T take T") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 100; ++i) tasks.push_back(spawn(sleep_an_hour()));
    for (auto& task : tasks) co_await task;
  }());
  CHECK(t.elapsed() == 1h);
}

TEST_CASE("Task: tasks that are awaited one after the other take the sum of their times") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    for (int i = 0; i < 5; ++i) {
      auto task = sleep_an_hour();
      co_await std::move(task);
    }
  }());
  CHECK(t.elapsed() == 5h);
}

TEST_CASE("Task: done, result, exception and name say how far it is") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int calls = 0;
    auto good = spawn(add_one(1, calls), "good");
    auto bad = spawn(fail_after(1ms), "bad");
    CHECK(good.name() == "good");
    CHECK_FALSE(good.done());
    co_await sleep_for(2ms);
    CHECK(good.done());
    CHECK(good.exception() == nullptr);
    CHECK(good.result() == 2);
    CHECK(bad.done());
    CHECK_FALSE(bad.cancelled());
    CHECK(bad.exception() != nullptr);
    CHECK_THROWS_WITH(bad.result(), "failed");
    CHECK_THROWS_WITH(bad.result(), "failed");
  }());
}

TEST_CASE("Task: the result of an unfinished task is an error that says what to do") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto task = spawn(sleep_an_hour(), "slow");
    CHECK_THROWS_WITH_AS(
        task.result(), "Task 'slow': it has not ended yet; await it before asking how it ended", UsageError);
    CHECK_THROWS_AS((void)task.exception(), UsageError);
    co_await yield();
  }());
}

TEST_CASE("Task: a result is taken once; taking it again is an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int calls = 0;
    auto task = spawn(add_one(1, calls), "once");
    const int first = co_await task;
    CHECK(first == 2);
    CHECK_THROWS_WITH_AS(co_await task, "Task 'once': its result was taken already", UsageError);
  }());
}

TEST_CASE("Task: an error reaches the task that awaits it, through every level") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto middle = []() -> Task<int> {
      auto inner = fail_after(1ms);
      co_return co_await std::move(inner) + 1;
    };
    auto in_line = middle();
    CHECK_THROWS_WITH(co_await std::move(in_line), "failed");
    auto spawned = spawn(middle());
    CHECK_THROWS_WITH(co_await spawned, "failed");
  }());
}

TEST_CASE("Task: awaiting a task twice, or spawning one that was awaited, is an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int calls = 0;
    auto task = add_one(1, calls);
    co_await std::move(task);
    CHECK_THROWS_WITH_AS(co_await std::move(task), "Task: it was awaited or spawned before; make another",
                         UsageError);
    CHECK_THROWS_AS(spawn(std::move(task)), UsageError);
    Task<void> empty;
    CHECK_THROWS_AS(co_await std::move(empty), UsageError);
    auto spawned = add_one(1, calls);
    spawn(std::move(spawned));
    CHECK_THROWS_AS(spawn(std::move(spawned)), UsageError);
  }());
}

TEST_CASE("Task: a task that awaits its own end is an error, and it doesn't hang") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    TaskHandle<void> self;
    self = spawn(
        [](TaskHandle<void>& me) -> Task<void> {
          CHECK_THROWS_WITH_AS(co_await me, "Task 'narcissus': it awaits itself and would never end",
                               UsageError);
        }(self),
        "narcissus");
    co_await self;
  }());
}

TEST_CASE("Task: several tasks may await the same one") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto shared = spawn(sleep_an_hour());
    const auto join = [](TaskHandle<void> task, int& joined) -> Task<void> {
      co_await task;
      ++joined;
    };
    int joined = 0;
    auto a = spawn(join(shared, joined));
    auto b = spawn(join(shared, joined));
    co_await a;
    co_await b;
    CHECK(joined == 2);
    co_await shared;  // it has ended, so this goes on at once
  }());
}

TEST_CASE("Task: a task outlives the coroutine that spawned it, and its own handle") {
  ManualLoop t;
  bool ended = false;
  t.run([](bool& out) -> Task<void> {
    const auto spawner = [](bool& flag) -> Task<void> {
      spawn([](bool& f) -> Task<void> {
        co_await sleep_for(1s);
        f = true;
      }(flag));
      co_return;
    };
    auto spawning = spawner(out);
    co_await std::move(spawning);
    CHECK_FALSE(out);
    co_await sleep_for(2s);
  }(ended));
  CHECK(ended);
}

TEST_CASE("Task: its frame is freed as soon as it has ended, even if its handle lives on") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto witness = std::make_shared<int>(1);
    auto task = spawn([](std::shared_ptr<int>) -> Task<void> { co_await yield(); }(witness));
    CHECK(witness.use_count() == 2);
    co_await task;
    CHECK(witness.use_count() == 1);
  }());
}

TEST_CASE("Task: one can see what a task awaits and since when") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Event event;
    auto task = spawn([](Event& e) -> Task<void> {
      co_await sleep_for(5ms);
      co_await e.wait();
    }(event));
    CHECK(std::string(task.state().awaiting()) == "ready");
    co_await yield();
    CHECK(std::string(task.state().awaiting()) == "sleep");
    CHECK(task.state().since() == TimePoint{});
    co_await sleep_for(6ms);
    CHECK(std::string(task.state().awaiting()) == "event");
    CHECK(task.state().since() == TimePoint(5ms));
    event.set();
    co_await task;
    CHECK(std::string(task.state().awaiting()) == "done");
  }());
}
