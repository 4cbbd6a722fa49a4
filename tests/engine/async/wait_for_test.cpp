#include "engine/async/wait_for.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "engine/async/queue.hpp"
#include "engine/async/semaphore.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<int> give_after(Duration delay, int value) {
  co_await sleep_for(delay);
  co_return value;
}

Task<int> take_one(Queue<int>& queue) {
  auto item = co_await queue.get();
  co_return *item;
}

Task<void> put_at(Queue<int>& queue, Duration time, int item) {
  co_await sleep_for(time);
  queue.try_put(std::move(item));
}

Duration now() { return EventLoop::current().now().time_since_epoch(); }

}  // namespace

TEST_CASE("wait_for: it gives the value that comes in time") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const int value = co_await wait_for(give_after(5ms, 1), 10ms);
    CHECK(value == 1);
    CHECK(now() == 5ms);
    const auto at_once = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(2); };
    auto owned = co_await wait_for(at_once(), 1ms);
    CHECK(*owned == 2);
  }());
}

TEST_CASE("wait_for: after the deadline the task is cancelled and has ended, and TimeoutError is thrown") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto witness = std::make_shared<int>(0);
    const auto slow = [](std::shared_ptr<int>) -> Task<void> { co_await sleep_for(1h); };
    CHECK_THROWS_WITH_AS(co_await wait_for(slow(witness), 10ms), "wait_for: 'main' was not done within 10 ms",
                         TimeoutError);
    CHECK(now() == 10ms);
    CHECK(witness.use_count() == 1);
  }());
}

TEST_CASE("wait_for: an error of the task is thrown unchanged") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto fails = []() -> Task<int> {
      co_await yield();
      throw std::runtime_error("broken");
    };
    CHECK_THROWS_WITH(co_await wait_for(fails(), 1s), "broken");
  }());
}

TEST_CASE("wait_for: a timeout of zero or less is refused at the call") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    CHECK_THROWS_WITH_AS((void)wait_for(give_after(0s, 1), 0s),
                         "wait_for: the timeout must be more than 0; to look without waiting use done()",
                         UsageError);
    CHECK_THROWS_AS((void)wait_for(give_after(0s, 1), -1s), UsageError);
    auto task = spawn(give_after(1ms, 1));
    CHECK_THROWS_AS((void)wait_for(task, 0s), UsageError);
    co_await task;
  }());
}

TEST_CASE("wait_for: a value that arrives in the tick of the deadline counts as in time") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const int slept = co_await wait_for(give_after(10ms, 1), 10ms);
    CHECK(slept == 1);
    Queue<int> queue;
    spawn(put_at(queue, 10ms, 2));  // through another task
    const int got = co_await wait_for(take_one(queue), 10ms);
    CHECK(got == 2);
    Queue<int> second;
    auto waiting = spawn(wait_for(take_one(second), 10ms));
    co_await yield();
    spawn(put_at(second, 10ms, 3));  // armed after the deadline
    const int late = co_await waiting;
    CHECK(late == 3);
  }());
}

TEST_CASE("wait_for: a get that times out loses no item") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue;
    CHECK_THROWS_AS(co_await wait_for(take_one(queue), 10ms), TimeoutError);
    queue.try_put(1);
    const int item = co_await wait_for(take_one(queue), 10ms);
    CHECK(item == 1);
  }());
}

TEST_CASE("wait_for: random gets with random deadlines lose nothing and get nothing twice") {
  for (unsigned seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    ManualLoop t;
    t.run([](unsigned from) -> Task<void> {
      constexpr int kItems = 300;
      Queue<int> queue;
      std::vector<int> got;
      auto producer = spawn([](Queue<int>& q, unsigned state) -> Task<void> {
        for (int i = 0; i < kItems; ++i) {
          state = state * 1664525 + 1013904223;
          co_await sleep_for(std::chrono::milliseconds(state >> 30));
          q.try_put(int{i});
        }
      }(queue, from));
      unsigned state = from + 99;
      while (got.size() < kItems) {
        state = state * 1664525 + 1013904223;
        const auto timeout = std::chrono::milliseconds(1 + (state >> 30));
        try {
          got.push_back(co_await wait_for(take_one(queue), timeout));
        } catch (const TimeoutError&) {
        }
      }
      co_await producer;
      bool in_order = true;
      for (int i = 0; i < kItems; ++i) in_order = in_order && got[static_cast<std::size_t>(i)] == i;
      CHECK(in_order);
    }(seed));
  }
}

TEST_CASE("wait_for: if it is cancelled from outside, it cancels the task and waits until that has ended") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto witness = std::make_shared<int>(0);
    const auto slow = [](std::shared_ptr<int>) -> Task<void> { co_await sleep_for(1h); };
    auto waiter = spawn(wait_for(slow(witness), 10min));
    co_await sleep_for(1ms);
    waiter.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
    CHECK(witness.use_count() == 1);
    CHECK(now() == 1ms);
  }());
}

TEST_CASE(
    "wait_for: if it is cancelled from outside in the tick in which the value came, the value is kept") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue;
    std::vector<int> got;
    const auto take_two = [](Queue<int>& q, std::vector<int>& out) -> Task<void> {
      for (;;) out.push_back(co_await wait_for(take_one(q), 1s));
    };
    auto waiter = spawn(take_two(queue, got));
    co_await sleep_for(1ms);
    queue.try_put(1);
    waiter.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
    CHECK(got == std::vector{1});
    CHECK(now() == 1ms);
  }());
}

TEST_CASE(
    "wait_for: if it is cancelled from outside in the tick of the deadline, that is a cancellation and not a "
    "timeout") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto waiter = spawn(wait_for(give_after(1h, 1), 10ms));
    co_await sleep_for(10ms);
    waiter.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
    CHECK(now() == 10ms);
  }());
}

TEST_CASE("wait_for: a task that is cancelled by somebody else throws Cancelled, not TimeoutError") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto task = spawn(give_after(1h, 1));
    auto waiter = spawn(wait_for(task, 10ms));
    co_await sleep_for(1ms);
    task.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
    CHECK(now() == 1ms);
  }());
}

TEST_CASE("wait_for: a task that swallows its cancellation is waited for, and its value is given") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto stubborn = []() -> Task<int> {
      try {
        co_await sleep_for(1h);
      } catch (const Cancelled&) {
      }
      co_await sleep_for(5ms);
      co_return 9;
    };
    const int value = co_await wait_for(stubborn(), 10ms);
    CHECK(value == 9);
    CHECK(now() == 15ms);
  }());
}

TEST_CASE("wait_for: if two are nested, the inner deadline concerns only the inner one") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto inner = []() -> Task<int> {
      try {
        co_await wait_for(give_after(1h, 1), 5ms);
      } catch (const TimeoutError&) {
        co_return 2;
      }
      co_return 0;
    };
    const int value = co_await wait_for(inner(), 10ms);
    CHECK(value == 2);
    CHECK_THROWS_AS(co_await wait_for(wait_for(give_after(1h, 1), 50ms), 10ms), TimeoutError);
    CHECK(now() == 15ms);
  }());
}

TEST_CASE("wait_for: a waiting acquire that times out leaves the semaphore as it was") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Semaphore semaphore(1);
    auto permit = co_await semaphore.acquire();
    const auto acquire = [](Semaphore& s) -> Task<Semaphore::Permit> { co_return co_await s.acquire(); };
    CHECK_THROWS_AS(co_await wait_for(acquire(semaphore), 10ms), TimeoutError);
    CHECK(semaphore.waiting() == 0);
    permit.reset();
    auto again = co_await wait_for(acquire(semaphore), 10ms);
    CHECK(again.held());
    CHECK(semaphore.available() == 0);
  }());
}
