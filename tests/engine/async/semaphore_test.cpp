#include "engine/async/semaphore.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> note_inside(Semaphore& semaphore, Duration hold, int id, std::vector<int>& order) {
  auto permit = co_await semaphore.acquire();
  order.push_back(id);
  co_await sleep_for(hold);
}

}  // namespace

TEST_CASE("Semaphore: it serves waiters in the order of their arrival") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Semaphore semaphore(2);
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 6; ++i) tasks.push_back(spawn(note_inside(semaphore, 10ms, i, o)));
    co_await yield();
    CHECK(semaphore.waiting() == 4);
    CHECK(semaphore.available() == 0);
    for (auto& task : tasks) co_await task;
    CHECK(semaphore.available() == 2);
  }(order));
  CHECK(order == std::vector{0, 1, 2, 3, 4, 5});
  CHECK(t.elapsed() == 30ms);
}

TEST_CASE("Semaphore: try_acquire takes a free permit and never overtakes a waiter") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Semaphore semaphore(1);
    auto mine = semaphore.try_acquire();
    CHECK(mine.has_value());
    CHECK_FALSE(semaphore.try_acquire().has_value());
    auto waiter = spawn(note_inside(semaphore, 1ms, 1, o));
    co_await yield();
    mine.reset();  // handed over, not free
    CHECK_FALSE(semaphore.try_acquire().has_value());
    co_await waiter;
    CHECK(semaphore.try_acquire().has_value());
  }(order));
}

TEST_CASE("Semaphore: a waiter that is cancelled leaves without a trace") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Semaphore semaphore(1);
    auto holder = spawn(note_inside(semaphore, 10ms, 1, o));
    auto dropped = spawn(note_inside(semaphore, 10ms, 2, o));
    auto next = spawn(note_inside(semaphore, 10ms, 3, o));
    co_await yield();
    dropped.cancel();
    CHECK(semaphore.waiting() == 1);
    co_await next;
    CHECK(dropped.cancelled());
    CHECK(semaphore.available() == 1);
  }(order));
  CHECK(order == std::vector{1, 3});
}

TEST_CASE(
    "Semaphore: a permit that is handed to a waiter comes back if the waiter is cancelled in the same turn") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Semaphore semaphore(1);
    auto permit = co_await semaphore.acquire();
    auto unlucky = spawn(note_inside(semaphore, 1h, 1, o));
    auto next = spawn(note_inside(semaphore, 1ms, 2, o));
    co_await yield();
    permit.reset();
    unlucky.cancel();
    co_await next;
    CHECK(unlucky.cancelled());
    CHECK(semaphore.available() == 1);
  }(order));
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("Semaphore: releasing too often is an error, also if somebody waits") {
  ManualLoop t;
  Semaphore idle(2);
  CHECK_THROWS_WITH_AS(idle.release(), "Semaphore::release: more permits came back than were taken",
                       UsageError);
  t.run([]() -> Task<void> {
    Semaphore closed(0);
    std::vector<int> order;
    auto waiter = spawn(note_inside(closed, 1ms, 1, order));
    co_await yield();
    CHECK_THROWS_AS(closed.release(), UsageError);
    CHECK_FALSE(waiter.done());
    waiter.cancel();
    auto joining = ends_cancelled(waiter);
    CHECK(co_await std::move(joining));
  }());
}

TEST_CASE("Semaphore: a detached permit is given back by hand") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Semaphore semaphore(1);
    auto permit = co_await semaphore.acquire();
    permit.detach();
    CHECK_FALSE(permit.held());
    permit.reset();
    CHECK(semaphore.available() == 0);
    semaphore.release();
    CHECK(semaphore.available() == 1);
  }());
}

TEST_CASE("Semaphore: moving a permit onto another one gives that one back") {
  Semaphore semaphore(2);
  auto a = semaphore.try_acquire();
  auto b = semaphore.try_acquire();
  *a = std::move(*b);
  CHECK(semaphore.available() == 1);
  a.reset();
  CHECK(semaphore.available() == 2);
}

namespace {

struct Crowd {
  explicit Crowd(std::size_t permits) : semaphore(permits) {}
  Semaphore semaphore;
  std::size_t inside = 0;
  std::size_t most = 0;
  std::size_t finished = 0;
  std::vector<int> arrived;  // the waiters, in the order of their arrival
  std::vector<int> entered;
};

struct Leaving {
  explicit Leaving(Crowd& c) : crowd(c) {
    ++crowd.inside;
    crowd.most = std::max(crowd.most, crowd.inside);
  }
  Leaving(const Leaving&) = delete;
  Leaving& operator=(const Leaving&) = delete;
  ~Leaving() { --crowd.inside; }
  Crowd& crowd;
};

Task<void> visit(Crowd& crowd, int id, Duration before, Duration hold) {
  co_await sleep_for(before);
  crowd.arrived.push_back(id);
  auto permit = co_await crowd.semaphore.acquire();
  crowd.entered.push_back(id);
  const Leaving leaving(crowd);
  co_await sleep_for(hold);
  ++crowd.finished;
}

Task<void> random_crowd(unsigned seed) {
  std::mt19937 random(seed);
  const std::size_t cap = 1 + random() % 40;
  Crowd crowd(cap);
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 10'000; ++i) {
    const auto before = std::chrono::microseconds(random() % 20'000);
    const auto hold = std::chrono::microseconds(random() % 100);
    tasks.push_back(spawn(visit(crowd, i, before, hold)));
  }
  for (int i = 0; i < 3'000; ++i) {
    tasks[random() % tasks.size()].cancel();
    co_await sleep_for(std::chrono::microseconds(random() % 10));
    CHECK(crowd.inside <= cap);
  }
  for (auto& task : tasks) {
    auto joining = ends_cancelled(task);
    co_await std::move(joining);
  }
  CHECK(crowd.most <= cap);
  CHECK(crowd.inside == 0);
  CHECK(crowd.finished > 5'000);
  CHECK(crowd.semaphore.available() == cap);
  CHECK(crowd.semaphore.waiting() == 0);
  // It is FIFO: tasks enter in the order of their arrival, without the cancelled ones.
  std::size_t at = 0;
  for (const int id : crowd.entered) {
    while (at < crowd.arrived.size() && crowd.arrived[at] != id) ++at;
    REQUIRE(at < crowd.arrived.size());
  }
}

}  // namespace

TEST_CASE("Semaphore: the cap holds under 10,000 random tasks with random cancellation") {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    CAPTURE(seed);
    ManualLoop t;
    t.run(random_crowd(seed));
  }
}
