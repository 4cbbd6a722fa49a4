#include "engine/async/event_loop.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include <csignal>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/semaphore.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

TEST_CASE("EventLoop: run returns the result of its task or throws its error") {
  ManualLoop t;
  CHECK(t.run([]() -> Task<int> { co_return 42; }()) == 42);
  CHECK(*t.run([]() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(7); }()) == 7);
  CHECK_THROWS_WITH_AS(t.run([]() -> Task<void> {
    co_await yield();
    throw std::runtime_error("broken");
  }()),
                       "broken", std::runtime_error);
}

TEST_CASE("EventLoop: it starts and ends explicitly, and it may run again") {
  ManualLoop t;
  CHECK(EventLoop::current_or_null() == nullptr);
  for (int i = 0; i < 3; ++i) {
    EventLoop* seen = nullptr;
    t.run([](EventLoop*& out) -> Task<void> {
      out = &EventLoop::current();
      co_await sleep_for(1ms);
      CHECK(EventLoop::current_or_null() == out);
    }(seen));
    CHECK(seen == &t.loop);
    CHECK(EventLoop::current_or_null() == nullptr);
  }
}

TEST_CASE("EventLoop: a nested run is an error, and the outer loop goes on") {
  ManualLoop t;
  const int result = t.run([]() -> Task<int> {
    EventLoop inner;
    const auto nothing = []() -> Task<void> { co_return; };
    CHECK_THROWS_WITH_AS(inner.run(nothing()),
                         "EventLoop::run: a loop is running on this thread already; await the task instead",
                         UsageError);
    co_await yield();
    co_return 5;
  }());
  CHECK(result == 5);
}

TEST_CASE("EventLoop: spawning without a running loop is an error, and the coroutine is freed") {
  const auto body = [](std::shared_ptr<int>) -> Task<void> { co_return; };
  auto witness = std::make_shared<int>(1);
  CHECK_THROWS_WITH_AS(spawn(body(witness)),
                       "no event loop is running on this thread; do this from a task inside EventLoop::run",
                       UsageError);
  CHECK(witness.use_count() == 1);
}

TEST_CASE("EventLoop: current_task outside a task is an error") {
  EventLoop loop;
  CHECK_THROWS_AS((void)loop.current_task(), UsageError);
  CHECK_THROWS_AS(CancelShield(), UsageError);
}

TEST_CASE("EventLoop: each thread may run a loop of its own") {
  std::vector<std::thread> threads;
  std::vector<int> results(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i, &results] {
      EventLoop loop;
      results[static_cast<std::size_t>(i)] = loop.run([](int n) -> Task<int> {
        co_await sleep_for(1ms);
        co_return n* n;
      }(i));
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(results == std::vector{0, 1, 4, 9});
}

TEST_CASE("EventLoop: leftover tasks are cancelled and awaited at the end") {
  ManualLoop t;
  std::vector<int> cleaned;
  const auto leftover = [](int id, std::vector<int>& out) -> Task<void> {
    try {
      co_await sleep_for(1h);
    } catch (const Cancelled&) {
    }
    const CancelShield shield;
    co_await sleep_for(10ms);  // the clean-up awaits as well
    out.push_back(id);
  };
  t.run([](auto make, std::vector<int>& out) -> Task<void> {
    for (int i = 0; i < 3; ++i) spawn(make(i, out));
    co_await yield();
  }(leftover, cleaned));
  CHECK(cleaned == std::vector{0, 1, 2});
  CHECK(t.elapsed() == 10ms);
}

TEST_CASE("EventLoop: a task that was spawned but had not started when the main task ended never starts") {
  ManualLoop t;
  bool started = false;
  t.run([](bool& flag) -> Task<void> {
    spawn([](bool& f) -> Task<void> {
      f = true;
      co_return;
    }(flag));
    co_return;
  }(started));
  CHECK_FALSE(started);
}

TEST_CASE("EventLoop: a task that a leftover task spawns while it is cancelled is ended as well") {
  ManualLoop t;
  bool ended = false;
  struct Witness {
    explicit Witness(bool& f) : flag(f) {}
    Witness(const Witness&) = delete;
    Witness& operator=(const Witness&) = delete;
    ~Witness() { flag = true; }
    bool& flag;
  };
  t.run([](bool& flag) -> Task<void> {
    spawn([](bool& f) -> Task<void> {
      try {
        co_await sleep_for(1h);
      } catch (const Cancelled&) {
        spawn([](bool& inner) -> Task<void> {
          const Witness witness(inner);
          co_await yield();
          co_await sleep_for(1h);
        }(f));
      }
      co_await yield();
      co_await yield();
    }(flag));
    co_await yield();
  }(ended));
  CHECK(ended);
  CHECK(t.elapsed() == 0s);
}

TEST_CASE("EventLoop: a post from another thread wakes it") {
  EventLoop loop;
  const auto start = std::chrono::steady_clock::now();
  std::thread poster;
  loop.run([](EventLoop& l, std::thread& thread) -> Task<void> {
    Event event;
    thread = std::thread([&l, &event] { l.post([&event] { event.set(); }); });
    auto never = spawn([]() -> Task<void> { co_await sleep_for(1h); }());
    co_await event.wait();
  }(loop, poster));
  poster.join();
  CHECK(std::chrono::steady_clock::now() - start < 30s);
}

TEST_CASE("EventLoop: every post of several threads runs once, and those of one thread run in order") {
  constexpr int kThreads = 4;
  constexpr int kPosts = 2000;
  EventLoop loop;
  std::vector<std::vector<int>> seen(kThreads);
  std::vector<std::thread> threads;
  loop.run(
      [](EventLoop& l, std::vector<std::vector<int>>& out, std::vector<std::thread>& posters) -> Task<void> {
        Event all;
        int left = kThreads * kPosts;
        for (std::size_t i = 0; i < kThreads; ++i) {
          posters.emplace_back([i, &l, &out, &left, &all] {
            for (int n = 0; n < kPosts; ++n) {
              l.post([i, n, &out, &left, &all] {
                out[i].push_back(n);
                if (--left == 0) all.set();
              });
            }
          });
        }
        co_await all.wait();
      }(loop, seen, threads));
  for (auto& thread : threads) thread.join();
  for (const auto& mine : seen) {
    CHECK(mine.size() == kPosts);
    CHECK(std::is_sorted(mine.begin(), mine.end()));
  }
}

TEST_CASE("EventLoop: a post before run is kept until run") {
  ManualLoop t;
  bool ran = false;
  t.loop.post([&] { ran = true; });
  t.run([]() -> Task<void> { co_await sleep_for(1ms); }());
  CHECK(ran);
}

namespace {

// Ends when a post gets through, which needs the loop to poll although something is always ready.
template <class Busy>
Task<void> expect_io_is_served(Busy busy) {
  auto spinner = spawn(busy());
  Event served;
  EventLoop::current().post([&served] { served.set(); });
  co_await served.wait();
  CHECK_FALSE(spinner.done());
  spinner.cancel();
}

}  // namespace

TEST_CASE("EventLoop: a task that always yields can't starve I/O") {
  EventLoop loop;
  loop.run(expect_io_is_served([]() -> Task<void> {
    for (;;) co_await yield();
  }));
}

TEST_CASE("EventLoop: a task whose waits are always ready can't starve I/O or the others") {
  EventLoop loop;
  loop.run(expect_io_is_served([]() -> Task<void> {
    Semaphore semaphore(1);
    for (;;) auto permit = co_await semaphore.acquire();
  }));
}

TEST_CASE("EventLoop: slow tasks that always yield don't keep I/O waiting for a whole batch of them") {
  EventLoop loop;
  static int steps;
  steps = 0;
  loop.run(expect_io_is_served([]() -> Task<void> {
    for (;;) {
      const auto begun = std::chrono::steady_clock::now();
      while (std::chrono::steady_clock::now() - begun < 5ms) {
      }
      ++steps;
      co_await yield();
    }
  }));
  CHECK(steps < 40);
}

TEST_CASE("EventLoop: timers fire although something is ready all the time") {
  EventLoop loop;
  loop.run([]() -> Task<void> {
    auto spinner = spawn([]() -> Task<void> {
      for (;;) co_await yield();
    }());
    co_await sleep_for(2ms);
    spinner.cancel();
  }());
}

TEST_CASE("EventLoop: 100,000 awaits in a row that end at once don't grow the stack") {
  ManualLoop t;
  const auto child = [](int n) -> Task<int> {
    if (n % 2 == 0) co_await yield();
    co_return 1;
  };
  const int sum = t.run([](auto make) -> Task<int> {
    int total = 0;
    for (int i = 0; i < 100'000; ++i) {
      auto one = make(i);
      total += co_await std::move(one);
    }
    co_return total;
  }(child));
  CHECK(sum == 100'000);
}

TEST_CASE("EventLoop: if a handle was left open, it aborts with a message and doesn't hang") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    alarm(20);
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(1);
    {
      EventLoop loop;
      auto* leaked = new uv_timer_t;
      uv_timer_init(loop.uv(), leaked);
      uv_timer_start(
          leaked, [](uv_timer_t*) {}, 1'000'000, 0);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
}
