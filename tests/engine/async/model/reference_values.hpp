#pragma once

#include <deque>
#include <utility>

#include "tests/engine/async/model/program.hpp"
#include "tests/engine/async/model/reference_tasks.hpp"

namespace leat::async::model::reference {

struct Semaphore {
  int available = 0;
  std::deque<int> waiters;
};
struct Queue {
  int maxsize = 0;
  std::deque<int> items;
  std::deque<int> getters;
  std::deque<int> putters;
  std::deque<int> joiners;
  int unfinished = 0;
  int last_getter = kNo;  // none
  bool closed = false;
  bool failed = false;
  [[nodiscard]] bool full() const { return maxsize != 0 && static_cast<int>(items.size()) >= maxsize; }
};
struct Future {
  int value = kNo;  // not yet
  std::deque<int> waiters;
};

/// What tasks pass to each other: permits, items and values.
class Values : protected Tasks {
 protected:
  ~Values() = default;

  void acquire(int t, Semaphore& semaphore, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (semaphore.available > 0) {
      --semaphore.available;
      return go_on(t, kOk, std::move(then));
    }
    suspend(t, &semaphore.waiters, std::move(then));
  }
  void release(Semaphore& semaphore) {
    if (semaphore.waiters.empty()) {
      ++semaphore.available;
      return;
    }
    const int next = semaphore.waiters.front();
    semaphore.waiters.pop_front();
    wake(next, kOk);
  }

  void accept(Queue& queue, int item) {
    ++queue.unfinished;
    if (queue.getters.empty()) {
      queue.items.push_back(item);
      return;
    }
    const int getter = queue.getters.front();
    queue.getters.pop_front();
    queue.last_getter = getter;
    wake(getter, item);
  }
  bool try_put(Queue& queue, int item) {
    if (queue.closed || queue.full()) return false;
    accept(queue, item);
    return true;
  }
  int try_get(Queue& queue) {
    if (queue.failed) return kFailed;
    if (queue.items.empty()) return kNo;
    const int item = queue.items.front();
    queue.items.pop_front();
    while (!queue.putters.empty() && !queue.full()) {
      const int putter = queue.putters.front();
      queue.putters.pop_front();
      accept(queue, task(putter).wait.item);
      wake(putter, kOk);
    }
    return item;
  }
  void put(int t, Queue& queue, int item, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (queue.closed) return go_on(t, kNo, std::move(then));
    if (try_put(queue, item)) return go_on(t, kOk, std::move(then));
    suspend(t, &queue.putters, std::move(then));
    task(t).wait.item = item;
  }
  void get(int t, Queue& queue, Then given) {
    if (!begin(t)) return given(kCancelled);
    // If there is no item, a failure that came before its turn counts, even if the queue was closed before.
    auto then = [&queue, given = std::move(given)](int item) {
      given(item == kNo && queue.failed ? kFailed : item);
    };
    if (!queue.items.empty()) {
      const bool alone = queue.last_getter == kNo || queue.last_getter == t;
      queue.last_getter = t;
      const int item = try_get(queue);
      return alone ? go_on(t, item, then) : give_turn(t, item, then);
    }
    if (queue.closed) return go_on(t, kNo, then);
    suspend(t, &queue.getters, then);
  }
  void join_queue(int t, Queue& queue, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (queue.unfinished == 0) return go_on(t, kOk, std::move(then));
    suspend(t, &queue.joiners, std::move(then));
  }
  bool task_done(Queue& queue) {
    if (queue.unfinished == 0) return false;
    if (--queue.unfinished == 0) wake_all(queue.joiners, kOk);
    return true;
  }
  void close(Queue& queue) {
    queue.closed = true;
    wake_all(queue.putters, kNo);
    wake_all(queue.getters, kNo);
  }
  void fail(Queue& queue) {
    if (std::exchange(queue.failed, true)) return;
    queue.unfinished -= static_cast<int>(queue.items.size());
    queue.items.clear();
    close(queue);
    if (queue.unfinished == 0) wake_all(queue.joiners, kOk);
  }

  void get(int t, Future& future, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (future.value != kNo) return go_on(t, future.value, std::move(then));
    suspend(t, &future.waiters, std::move(then));
  }
  bool set(Future& future, int value) {
    if (future.value != kNo) return false;
    future.value = value;
    wake_all(future.waiters, value);
    return true;
  }
  using Loop::set;
};

}  // namespace leat::async::model::reference
