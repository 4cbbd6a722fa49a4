// Random producers and consumers are cancelled at random; nothing may be lost, and nothing may come twice.

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "engine/async/queue.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

constexpr int kOperations = 1'000'000;

struct Books {
  explicit Books(std::size_t maxsize) : queue(maxsize) {}
  Queue<int> queue;
  int next = 0;                // the next item to be made
  std::vector<char> put;       // for each item: 1 if its put has returned true
  std::vector<char> received;  // for each item: how often it came out
};

// An item whose put was cancelled must never come out; one whose put has come back must come out once.
Task<void> produce(Books& books, unsigned seed) {
  std::mt19937 random(seed);
  while (books.next < kOperations / 2) {
    const int item = books.next++;
    books.put.push_back(0);
    books.received.push_back(0);
    const bool taken = co_await books.queue.put(item);
    books.put[static_cast<std::size_t>(item)] = taken ? 1 : 0;
    if (random() % 8 == 0) co_await yield();
  }
}

Task<void> consume(Books& books, unsigned seed) {
  std::mt19937 random(seed);
  for (;;) {
    auto item = co_await books.queue.get();
    if (!item) co_return;
    ++books.received[static_cast<std::size_t>(*item)];
    books.queue.task_done();
    if (random() % 8 == 0) co_await yield();
  }
}

Task<void> random_traffic(unsigned seed) {
  std::mt19937 random(seed);
  Books books(1 + random() % 20);
  std::vector<TaskHandle<void>> producers;
  std::vector<TaskHandle<void>> consumers;
  for (unsigned i = 0; i < 8; ++i) producers.push_back(spawn(produce(books, ++seed)));
  for (unsigned i = 0; i < 8; ++i) consumers.push_back(spawn(consume(books, ++seed)));
  while (books.next < kOperations / 2) {
    auto waiting = turns(static_cast<int>(random() % 4));
    co_await std::move(waiting);
    auto& victim = random() % 2 == 0 ? producers[random() % 8] : consumers[random() % 8];
    victim.cancel();
    co_await yield();
    for (auto& task : producers)
      if (task.done()) task = spawn(produce(books, ++seed));
    for (auto& task : consumers)
      if (task.done()) task = spawn(consume(books, ++seed));
  }
  for (auto& task : producers) {
    auto joining = ends_cancelled(task);
    co_await std::move(joining);
  }
  consumers.push_back(spawn(consume(books, seed)));  // at least one is never cancelled
  co_await books.queue.join();
  books.queue.close();
  for (auto& task : consumers) {
    auto joining = ends_cancelled(task);
    co_await std::move(joining);
  }
  int wrong = 0;
  for (std::size_t i = 0; i < books.put.size(); ++i) wrong += books.put[i] != books.received[i] ? 1 : 0;
  CHECK(wrong == 0);
}

}  // namespace

TEST_CASE("Queue: 1,000,000 operations under random cancellation lose nothing and repeat nothing") {
  constexpr unsigned seed = 7;
  CAPTURE(seed);
  ManualLoop t;
  t.run(random_traffic(seed));
}
