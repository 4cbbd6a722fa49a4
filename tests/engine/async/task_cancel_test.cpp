// Cancellation of a Task: when it is queued, waiting, ready, finished, shielded, or itself.

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

struct Log {
  bool started = false;
  bool caught = false;
  bool unwound = false;
  bool ended = false;
};

struct OnExit {
  explicit OnExit(bool& f) : flag(f) {}
  OnExit(const OnExit&) = delete;
  OnExit& operator=(const OnExit&) = delete;
  ~OnExit() { flag = true; }
  bool& flag;
};

Task<void> worker(Log& log) {
  const OnExit exit(log.unwound);
  log.started = true;
  try {
    co_await sleep_for(1h);
  } catch (const Cancelled&) {
    log.caught = true;
    throw;
  }
  log.ended = true;
}

}  // namespace

TEST_CASE("Task: if it is cancelled before it ran, it never starts, and its arguments are freed") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Log log;
    auto task = spawn(worker(log));
    CHECK(task.cancel());
    auto witness = std::make_shared<int>(0);
    auto other = spawn([](std::shared_ptr<int>) -> Task<void> { co_return; }(witness));
    other.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK_FALSE(log.started);
    CHECK(task.cancelled());
    CHECK(witness.use_count() == 1);
  }());
}

TEST_CASE("Task: if it is cancelled while it waits, Cancelled is thrown there and everything unwinds") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Log log;
    auto task = spawn(worker(log));
    co_await yield();
    CHECK(task.cancel());
    CHECK_FALSE(log.caught);  // posted, not run in line
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(log.caught);
    CHECK(log.unwound);
    CHECK_FALSE(log.ended);
  }());
  CHECK(t.elapsed() == 0s);
}

TEST_CASE("Task: cancelling a finished task does nothing and reports that") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto task = spawn([]() -> Task<int> { co_return 3; }());
    co_await yield();
    CHECK_FALSE(task.cancel());
    CHECK_FALSE(task.cancelled());
    const int result = co_await task;
    CHECK(result == 3);
  }());
}

TEST_CASE("Task: a task that cancels itself is cancelled at its next wait") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    bool went_on = false;
    bool waited = false;
    auto task = spawn([](bool& on, bool& after) -> Task<void> {
      EventLoop::current().current_task().cancel();
      on = true;
      co_await yield();
      after = true;
    }(went_on, waited));
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(went_on);
    CHECK_FALSE(waited);
  }());
}

TEST_CASE("Task: a task that cancels itself and waits no more ends normally") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    auto task = spawn([]() -> Task<int> {
      EventLoop::current().current_task().cancel();
      co_return 1;
    }());
    const int result = co_await task;
    CHECK(result == 1);
  }());
}

TEST_CASE("Task: a wait that has its value keeps it; the next wait is cancelled") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Event event;
    bool first = false;
    auto task = spawn([](Event& e, bool& f) -> Task<void> {
      co_await e.wait();
      f = true;
      co_await sleep_for(1h);
    }(event, first));
    co_await yield();
    event.set();
    task.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(first);
  }());
}

TEST_CASE("Task: cancelling twice before it has run again is one cancellation") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    bool cleaned = false;
    auto task = spawn([](bool& flag) -> Task<void> {
      try {
        co_await sleep_for(1h);
      } catch (const Cancelled&) {
      }
      co_await sleep_for(1ms);
      flag = true;
    }(cleaned));
    co_await yield();
    task.cancel();
    task.cancel();
    co_await task;
    CHECK(cleaned);
  }());
}

TEST_CASE("Task: a task that swallows a cancellation may be cancelled again") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int swallowed = 0;
    auto task = spawn([](int& count) -> Task<void> {
      for (;;) {
        try {
          co_await sleep_for(1h);
        } catch (const Cancelled&) {
          if (++count == 3) throw;
        }
      }
    }(swallowed));
    for (int i = 0; i < 3; ++i) {
      co_await yield();
      co_await yield();
      CHECK(swallowed == i);
      task.cancel();
    }
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(swallowed == 3);
  }());
}

TEST_CASE("Task: a cancellation goes through every coroutine that the task awaits in line") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Log log;
    bool outer = false;
    auto task = spawn([](Log& l, bool& o) -> Task<void> {
      const OnExit exit(o);
      auto inner = worker(l);
      co_await std::move(inner);
    }(log, outer));
    co_await yield();
    task.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(log.unwound);
    CHECK(outer);
  }());
}

TEST_CASE("Task: the cancellation of an awaited task propagates to the task that awaits it") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Log log;
    auto inner = spawn(worker(log));
    auto outer = spawn([](TaskHandle<void> task) -> Task<void> { co_await task; }(inner));
    co_await yield();
    inner.cancel();
    auto joining = ends_cancelled(outer);
    CHECK(co_await std::move(joining));
  }());
}

TEST_CASE("Task: cancelling the wait for a task leaves that task alone") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Log log;
    auto inner = spawn(worker(log));
    auto outer = spawn([](TaskHandle<void> task) -> Task<void> { co_await task; }(inner));
    co_await yield();
    co_await yield();
    outer.cancel();
    auto joining = ends_cancelled(outer);
    CHECK(co_await std::move(joining));
    CHECK_FALSE(inner.done());
    co_await inner;
    CHECK(log.ended);
  }());
}

TEST_CASE("Task: clean-up that must await is shielded from a cancellation, which comes after it") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    bool cleaned = false;
    bool after = false;
    auto task = spawn([](bool& c, bool& a) -> Task<void> {
      {
        const CancelShield shield;
        co_await sleep_for(10ms);
        c = true;
      }
      co_await sleep_for(10ms);
      a = true;
    }(cleaned, after));
    co_await yield();
    task.cancel();
    co_await sleep_for(5ms);
    CHECK_FALSE(task.done());
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(cleaned);
    CHECK_FALSE(after);
  }());
  CHECK(t.elapsed() == 10ms);
}

TEST_CASE("Task: a shield outside a task is an error") { CHECK_THROWS_AS(CancelShield(), UsageError); }

TEST_CASE("Task: shields nest") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int steps = 0;
    auto task = spawn([](int& s) -> Task<void> {
      const CancelShield outer;
      {
        const CancelShield inner;
        co_await sleep_for(1ms);
        ++s;
      }
      co_await sleep_for(1ms);
      ++s;
    }(steps));
    co_await yield();
    task.cancel();
    co_await task;
    CHECK(steps == 2);
  }());
}

TEST_CASE("Task: a cancelled wait's destructors may use the loop") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Event event;
    struct SetOnExit {
      explicit SetOnExit(Event& e) : target(e) {}
      SetOnExit(const SetOnExit&) = delete;
      SetOnExit& operator=(const SetOnExit&) = delete;
      ~SetOnExit() { target.set(); }
      Event& target;
    };
    auto task = spawn([](Event& e) -> Task<void> {
      const SetOnExit at_exit(e);
      co_await sleep_for(1h);
    }(event));
    co_await yield();
    task.cancel();
    co_await event.wait();
  }());
}
