#include "engine/async/to_thread.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/async/event.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

/// Holds threads until it is opened.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++inside_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_until_inside(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return inside_ >= count; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int inside_ = 0;
  bool open_ = false;
};

}  // namespace

TEST_CASE("to_thread: the work runs on another thread, and its result comes back") {
  EventLoop loop;
  loop.run([]() -> Task<void> {
    const auto who = [] { return std::this_thread::get_id(); };
    const auto id = co_await to_thread(who);
    CHECK(id != std::this_thread::get_id());
    const auto make = [] { return std::make_unique<int>(5); };
    auto owned = co_await to_thread(make);
    CHECK(*owned == 5);
  }());
}

TEST_CASE("to_thread: an exception comes back") {
  EventLoop loop;
  loop.run([]() -> Task<void> {
    const auto fails = [] { throw std::runtime_error("in the thread"); };
    CHECK_THROWS_WITH_AS(co_await to_thread(fails), "in the thread", std::runtime_error);
  }());
}

TEST_CASE("to_thread: it doesn't block the loop") {
  EventLoop loop;
  loop.run([]() -> Task<void> {
    auto gate = std::make_shared<Gate>();
    const auto block = [gate] { gate->pass(); };
    auto blocked = spawn(to_thread(block));
    for (int i = 0; i < 100; ++i) co_await yield();
    co_await sleep_for(1ms);
    CHECK_FALSE(blocked.done());
    gate->open();
    co_await blocked;
  }());
}

TEST_CASE(
    "to_thread: it never runs more jobs at once than the pool has threads, and it runs all of them in the "
    "end") {
  EventLoop loop;
  ThreadPool pool(3);
  std::atomic<int> running = 0;
  std::atomic<int> most = 0;
  std::atomic<int> total = 0;
  loop.run([](ThreadPool& p, std::atomic<int>& r, std::atomic<int>& m, std::atomic<int>& n) -> Task<void> {
    const auto work = [&r, &m, &n] {
      const int now = ++r;
      int seen = m.load();
      while (now > seen && !m.compare_exchange_weak(seen, now)) {
      }
      std::this_thread::yield();
      --r;
      ++n;
    };
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 200; ++i) tasks.push_back(spawn(to_thread(p, work)));
    for (auto& task : tasks) co_await task;
  }(pool, running, most, total));
  CHECK(total == 200);
  CHECK(most <= 3);
  CHECK(pool.thread_count() <= 3);
}

TEST_CASE("to_thread: it starts a thread only if none is idle") {
  EventLoop loop;
  ThreadPool pool(8);
  CHECK(pool.thread_count() == 0);
  loop.run([](ThreadPool& p) -> Task<void> {
    auto gate = std::make_shared<Gate>();
    const auto block = [gate] { gate->pass(); };
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 4; ++i) tasks.push_back(spawn(to_thread(p, block)));
    auto waiting = turns(3);
    co_await std::move(waiting);
    gate->wait_until_inside(4);  // four jobs that block need four threads
    CHECK(p.thread_count() == 4);
    gate->open();
    for (auto& task : tasks) co_await task;
  }(pool));
}

TEST_CASE("to_thread: queued jobs run in the order in which they came") {
  EventLoop loop;
  ThreadPool pool(1);
  std::vector<int> order;
  loop.run([](ThreadPool& p, std::vector<int>& out) -> Task<void> {
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 20; ++i) {
      const auto note = [&out, i] {
        out.push_back(i);
      };  // there is one thread, and this test reads only when all have ended
      tasks.push_back(spawn(to_thread(p, note)));
    }
    for (auto& task : tasks) co_await task;
  }(pool, order));
  REQUIRE(order.size() == 20);
  CHECK(std::is_sorted(order.begin(), order.end()));
}

TEST_CASE("to_thread: signals are left to the other threads") {
  EventLoop loop;
  loop.run([]() -> Task<void> {
    const auto blocked = [] {
      sigset_t mask;
      pthread_sigmask(SIG_SETMASK, nullptr, &mask);
      return sigismember(&mask, SIGINT) == 1 && sigismember(&mask, SIGUSR1) == 1;
    };
    const bool in_thread = co_await to_thread(blocked);
    CHECK(in_thread);
    CHECK_FALSE(blocked());
  }());
}

TEST_CASE("to_thread: a job that is cancelled while it is queued never runs") {
  EventLoop loop;
  ThreadPool pool(1);
  loop.run([](ThreadPool& p) -> Task<void> {
    auto gate = std::make_shared<Gate>();
    auto ran = std::make_shared<std::atomic<bool>>(false);
    const auto block = [gate] { gate->pass(); };
    const auto work = [ran] { ran->store(true); };
    auto first = spawn(to_thread(p, block));
    auto second = spawn(to_thread(p, work));
    auto third = spawn(to_thread(p, block));
    co_await yield();
    gate->wait_until_inside(1);
    second.cancel();
    auto joining = ends_cancelled(second);
    CHECK(co_await std::move(joining));
    CHECK(ran.use_count() == 2);  // one is ours, the other is that of `work`
    gate->open();
    co_await first;
    co_await third;
    CHECK_FALSE(ran->load());
  }(pool));
}

TEST_CASE(
    "to_thread: if a running job is cancelled, the wait ends at once and the result is dropped on the loop") {
  EventLoop loop;
  struct Result {
    explicit Result(std::shared_ptr<std::atomic<std::thread::id>> w) : where(std::move(w)) {}
    Result(Result&&) noexcept = default;
    Result& operator=(Result&&) noexcept = default;
    ~Result() {
      if (where) where->store(std::this_thread::get_id());
    }
    std::shared_ptr<std::atomic<std::thread::id>> where;
  };
  auto where = std::make_shared<std::atomic<std::thread::id>>();
  loop.run([](std::shared_ptr<std::atomic<std::thread::id>> w) -> Task<void> {
    auto gate = std::make_shared<Gate>();
    const auto work = [gate, w] {
      gate->pass();
      return Result(w);
    };
    auto task = spawn(to_thread(work));
    co_await yield();
    gate->wait_until_inside(1);
    task.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    gate->open();
    while (w->load() == std::thread::id()) co_await yield();
    CHECK(w->load() == std::this_thread::get_id());
  }(where));
}

TEST_CASE("to_thread: a loop that is destroyed waits for the job that runs, and drops the queued ones") {
  auto finished = std::make_shared<std::atomic<int>>(0);
  {
    EventLoop loop;
    loop.run([](std::shared_ptr<std::atomic<int>> count) -> Task<void> {
      auto gate = std::make_shared<Gate>();
      const auto work = [gate, count] {
        gate->pass();
        ++*count;
      };
      spawn(to_thread(work));
      co_await yield();
      gate->wait_until_inside(1);
      gate->open();
    }(finished));
  }
  CHECK(finished->load() == 1);
  CHECK(finished.use_count() == 1);
}

TEST_CASE("to_thread: random jobs that are cancelled at random end as they should") {
  EventLoop loop;
  ThreadPool pool(2);
  std::atomic<int> ran = 0;
  loop.run([](ThreadPool& p, std::atomic<int>& count) -> Task<void> {
    const auto work = [&count] { return ++count; };
    std::vector<TaskHandle<int>> tasks;
    int cancelled = 0;
    for (unsigned i = 0; i < 2000; ++i) {
      tasks.push_back(spawn(to_thread(p, work)));
      if (i % 7 == 0) co_await yield();
      if (i % 3 == 0) tasks[i * 7919 % tasks.size()].cancel();
    }
    for (auto& task : tasks) {
      auto joining = ends_cancelled(task);
      cancelled += co_await std::move(joining) ? 1 : 0;
    }
    CHECK(count >= 2000 - cancelled);
  }(pool, ran));
}

TEST_CASE("to_thread: a pool of zero threads is an error, and so is a call without a loop") {
  CHECK_THROWS_AS(ThreadPool(0), UsageError);
  const auto nothing = [] {};
  CHECK_THROWS_AS((void)to_thread(nothing), UsageError);
}
