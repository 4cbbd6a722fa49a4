#include "engine/async/queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> put_range(Queue<int>& queue, int from, int to) {
  for (int i = from; i < to; ++i) co_await queue.put(i);
}

Task<void> get_all(Queue<int>& queue, std::vector<int>& out) {
  while (auto item = co_await queue.get()) out.push_back(*item);
}

std::vector<int> range(int from, int to) {
  std::vector<int> all(static_cast<std::size_t>(to - from));
  std::iota(all.begin(), all.end(), from);
  return all;
}

}  // namespace

TEST_CASE("Queue: items come out in the order in which they went in") {
  ManualLoop t;
  std::vector<int> got;
  t.run([](std::vector<int>& out) -> Task<void> {
    Queue<int> queue(3);
    auto consumer = spawn(get_all(queue, out));
    auto producing = put_range(queue, 0, 100);
    co_await std::move(producing);
    queue.close();
    co_await consumer;
  }(got));
  CHECK(got == range(0, 100));
}

TEST_CASE("Queue: it never holds more than maxsize items") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue(2);
    auto producer = spawn(put_range(queue, 0, 10));
    for (int i = 0; i < 10; ++i) {
      co_await sleep_for(1ms);
      CHECK(queue.size() <= 2);
      CHECK(queue.full() == (queue.size() == 2));
      auto item = co_await queue.get();
      CHECK(item == i);
    }
    co_await producer;
    CHECK(queue.empty());
  }());
}

TEST_CASE("Queue: suspended puts and gets are served in the order in which they came") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Queue<int> queue(1);
    const auto put = [](Queue<int>& q, int id) -> Task<void> { co_await q.put(id); };
    const auto get = [](Queue<int>& q, int id, std::vector<int>& out) -> Task<void> {
      auto item = co_await q.get();
      out.push_back(id * 100 + *item);
    };
    for (int i = 0; i < 5; ++i) spawn(put(queue, i));
    co_await yield();
    for (int i = 0; i < 5; ++i) spawn(get(queue, i, o));
    auto waiting = turns(5);
    co_await std::move(waiting);
    for (int i = 5; i < 10; ++i) spawn(get(queue, i, o));
    co_await yield();
    for (int i = 5; i < 10; ++i) spawn(put(queue, i));
    auto again = turns(5);
    co_await std::move(again);
  }(order));
  CHECK(order == std::vector{0, 101, 202, 303, 404, 505, 606, 707, 808, 909});
}

TEST_CASE("Queue: try_put on a full queue and try_get on an empty one say so without suspending") {
  Queue<std::unique_ptr<int>> queue(1);
  CHECK_FALSE(queue.try_get().has_value());
  CHECK(queue.try_put(std::make_unique<int>(1)));
  auto kept = std::make_unique<int>(2);
  CHECK_FALSE(queue.try_put(std::move(kept)));
  CHECK(kept != nullptr);  // NOLINT(bugprone-use-after-move): it says that the item is untouched
  auto first = queue.try_get();
  CHECK(**first == 1);
  CHECK(queue.try_put(std::move(kept)));
}

TEST_CASE("Queue: with a maxsize of zero it has no bound") {
  Queue<int> queue;
  for (int i = 0; i < 10'000; ++i) CHECK(queue.try_put(int{i}));
  CHECK_FALSE(queue.full());
  CHECK(queue.size() == 10'000);
}

TEST_CASE("Queue: several consumers share the load evenly") {
  ManualLoop t;
  std::vector<std::size_t> shares;
  t.run([](std::vector<std::size_t>& out) -> Task<void> {
    Queue<int> queue(8);
    std::vector<std::vector<int>> got(4);
    std::vector<TaskHandle<void>> consumers;
    for (auto& mine : got) consumers.push_back(spawn(get_all(queue, mine)));
    auto producing = put_range(queue, 0, 4000);
    co_await std::move(producing);
    queue.close();
    for (auto& consumer : consumers) co_await consumer;
    for (auto& mine : got) out.push_back(mine.size());
  }(shares));
  CHECK(std::accumulate(shares.begin(), shares.end(), std::size_t{0}) == 4000);
  for (const auto share : shares) {
    CHECK(share >= 800);
    CHECK(share <= 1200);
  }
}

TEST_CASE("Queue: a backlog is shared by consumers that do nothing but get") {
  ManualLoop t;
  std::vector<std::size_t> shares;
  t.run([](std::vector<std::size_t>& out) -> Task<void> {
    Queue<int> queue;
    std::vector<std::vector<int>> got(4);
    std::vector<TaskHandle<void>> consumers;
    for (int i = 0; i < 4000; ++i) queue.try_put(int{i});
    for (auto& mine : got) consumers.push_back(spawn(get_all(queue, mine)));
    queue.close();
    for (auto& consumer : consumers) co_await consumer;
    for (auto& mine : got) out.push_back(mine.size());
  }(shares));
  for (const auto share : shares) {
    CHECK(share >= 800);
    CHECK(share <= 1200);
  }
}

TEST_CASE("Queue: join waits until every item is dealt with") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue;
    for (int i = 0; i < 3; ++i) queue.try_put(int{i});
    auto worker = spawn([](Queue<int>& q) -> Task<void> {
      for (;;) {
        co_await q.get();
        co_await sleep_for(10ms);
        q.task_done();
      }
    }(queue));
    CHECK(queue.unfinished() == 3);
    co_await queue.join();
    CHECK(queue.unfinished() == 0);
    CHECK(EventLoop::current().now() == TimePoint(30ms));
    co_await queue.join();  // nothing is open, so it goes on
    worker.cancel();
  }());
}

TEST_CASE("Queue: task_done more often than items were put is an error") {
  Queue<int> queue;
  CHECK_THROWS_WITH_AS(queue.task_done(), "Queue::task_done: called more often than items were put",
                       UsageError);
  queue.try_put(1);
  queue.try_get();
  queue.task_done();
  CHECK_THROWS_AS(queue.task_done(), UsageError);
}

TEST_CASE("Queue: after close, every consumer ends after the last item") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue;
    std::vector<std::vector<int>> got(3);
    std::vector<TaskHandle<void>> consumers;
    for (auto& mine : got) consumers.push_back(spawn(get_all(queue, mine)));
    co_await yield();
    for (int i = 0; i < 7; ++i) queue.try_put(int{i});
    queue.close();
    CHECK(queue.closed());
    for (auto& consumer : consumers) co_await consumer;
    CHECK(got[0].size() + got[1].size() + got[2].size() == 7);
    auto more = co_await queue.get();
    CHECK_FALSE(more.has_value());
  }());
}

TEST_CASE("Queue: nothing can be put into a closed queue, not even by producers that already wait for room") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue(1);
    queue.try_put(1);
    auto waiting = spawn([](Queue<int>& q) -> Task<bool> { co_return co_await q.put(2); }(queue));
    co_await yield();
    queue.close();
    queue.close();
    const bool taken = co_await waiting;
    CHECK_FALSE(taken);
    CHECK_FALSE(queue.try_put(3));
    const bool late = co_await queue.put(4);
    CHECK_FALSE(late);
    auto left = co_await queue.get();
    CHECK(left == 1);
  }());
}

TEST_CASE("Queue: fail reaches every consumer and drops the items that are left") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue;
    std::vector<TaskHandle<void>> consumers;
    std::vector<int> none;
    for (int i = 0; i < 3; ++i) consumers.push_back(spawn(get_all(queue, none)));
    co_await yield();
    queue.fail(std::make_exception_ptr(std::runtime_error("lost")));
    for (auto& consumer : consumers) CHECK_THROWS_WITH(co_await consumer, "lost");
    CHECK_THROWS_WITH(queue.try_get(), "lost");
    CHECK_THROWS_WITH(co_await queue.get(), "lost");
    CHECK_FALSE(queue.try_put(1));

    Queue<int> backlog;
    backlog.try_put(1);
    backlog.try_put(2);
    backlog.fail(std::make_exception_ptr(std::runtime_error("first")));
    backlog.fail(std::make_exception_ptr(std::runtime_error("second")));
    CHECK(backlog.empty());
    CHECK_THROWS_WITH(co_await backlog.get(), "first");
    co_await backlog.join();  // dropped items are not waited for
  }());
}

TEST_CASE("Queue: a consumer cancelled while waiting loses no item") {
  ManualLoop t;
  std::vector<int> got;
  t.run([](std::vector<int>& out) -> Task<void> {
    Queue<int> queue;
    std::vector<int> none;
    auto first = spawn(get_all(queue, none));
    auto second = spawn(get_all(queue, out));
    co_await yield();
    first.cancel();
    queue.try_put(1);
    queue.close();
    co_await second;
    CHECK(none.empty());
  }(got));
  CHECK(got == std::vector{1});
}

TEST_CASE("Queue: a consumer cancelled in the turn in which its item came keeps it") {
  ManualLoop t;
  std::vector<int> got;
  t.run([](std::vector<int>& out) -> Task<void> {
    Queue<int> queue;
    auto consumer = spawn(get_all(queue, out));
    co_await yield();
    queue.try_put(1);
    consumer.cancel();
    queue.try_put(2);
    auto joining = ends_cancelled(consumer);
    CHECK(co_await std::move(joining));
    auto left = co_await queue.get();
    CHECK(left == 2);
  }(got));
  CHECK(got == std::vector{1});
}

TEST_CASE("Queue: a producer cancelled while waiting has put nothing") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Queue<int> queue(1);
    queue.try_put(1);
    auto cancelled = spawn(put_range(queue, 2, 3));
    auto stays = spawn(put_range(queue, 3, 4));
    co_await yield();
    cancelled.cancel();
    std::vector<int> got;
    for (int i = 0; i < 2; ++i) {
      auto item = co_await queue.get();
      got.push_back(*item);
    }
    co_await stays;
    CHECK(got == std::vector{1, 3});
    CHECK(queue.empty());
  }());
}
