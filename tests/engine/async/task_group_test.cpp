#include "engine/async/task_group.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "engine/async/event.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> note_after(Duration delay, int id, std::vector<int>& out) {
  co_await sleep_for(delay);
  out.push_back(id);
}

Task<void> fail_after(Duration delay, std::string message) {
  co_await sleep_for(delay);
  throw std::runtime_error(message);
}

// Fails while it is being cancelled.
Task<void> fail_in_cleanup(std::string message) {
  try {
    co_await sleep_for(1h);
  } catch (const Cancelled&) {
    throw std::runtime_error(message);
  }
}

Task<void> expose(TaskGroup& group, TaskGroup*& out) {
  out = &group;
  co_return;
}

// A cancellation from outside, in the turn in which the group has ended.
Task<void> spawn_too_late(TaskGroup*& group) {
  while (group == nullptr) co_await yield();
  CHECK_THROWS_WITH_AS(group->spawn(fail_after(0s, "never")),
                       "TaskGroup::spawn: the group has ended; spawn from inside it", UsageError);
}

EventLoop& loop() { return EventLoop::current(); }
Duration now() { return loop().now().time_since_epoch(); }

}  // namespace

TEST_CASE("TaskGroup: it ends when all of its tasks have ended, and gives the block's result") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& out) -> Task<void> {
    const auto block = [&out](TaskGroup& group) {
      return [](TaskGroup& g, std::vector<int>& o) -> Task<int> {
        g.spawn(note_after(20ms, 2, o));
        g.spawn(note_after(10ms, 1, o));
        CHECK(g.size() == 3);
        co_return 42;
      }(group, out);
    };
    const int result = co_await with_task_group(loop(), block);
    CHECK(result == 42);
    CHECK(out == std::vector{1, 2});
  }(order));
  CHECK(t.elapsed() == 20ms);
}

TEST_CASE("TaskGroup: the first failure cancels the siblings and the block") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto block = [](TaskGroup& group) -> Task<void> {
      group.spawn(fail_after(5ms, "broken"));
      group.spawn([]() -> Task<void> { co_await sleep_for(1h); }());
      co_await sleep_for(1h);
    };
    CHECK_THROWS_WITH_AS(co_await with_task_group(loop(), block), "task group: 1 task failed: broken",
                         TaskGroupError);
    CHECK(now() == 5ms);
  }());
}

TEST_CASE("TaskGroup: a failing block cancels its tasks") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto block = [](TaskGroup& group) -> Task<void> {
      group.spawn([]() -> Task<void> { co_await sleep_for(1h); }());
      co_await sleep_for(1ms);
      throw std::runtime_error("block");
    };
    CHECK_THROWS_WITH(co_await with_task_group(loop(), block), "task group: 1 task failed: block");
    CHECK(now() == 1ms);
  }());
}

TEST_CASE("TaskGroup: all errors are kept, in the order in which they came") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto block = [](TaskGroup& group) -> Task<void> {
      group.spawn(fail_in_cleanup("second"));
      group.spawn(fail_after(1ms, "first"));
      group.spawn(fail_in_cleanup("third"));
      co_return;
    };
    std::vector<std::exception_ptr> errors;
    try {
      co_await with_task_group(loop(), block);
    } catch (const TaskGroupError& error) {
      errors = error.errors();
      CHECK(std::string(error.what()) == "task group: 3 tasks failed: first; second; third");
    }
    REQUIRE(errors.size() == 3);
    CHECK_THROWS_WITH(std::rethrow_exception(errors[1]), "second");
  }());
}

TEST_CASE("TaskGroup: a task that is cancelled alone is no failure") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& out) -> Task<void> {
    const auto block = [&out](TaskGroup& group) {
      return [](TaskGroup& g, std::vector<int>& o) -> Task<void> {
        auto victim = g.spawn(note_after(5ms, 1, o));
        g.spawn(note_after(5ms, 2, o));
        co_await yield();
        victim.cancel();
      }(group, out);
    };
    co_await with_task_group(loop(), block);
  }(order));
  CHECK(order == std::vector{2});
}

TEST_CASE("TaskGroup: cancelling the caller cancels all of its tasks, and it ends when they have ended") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<int> ended;
    const auto outer = [](std::vector<int>& out) -> Task<void> {
      const auto block = [&out](TaskGroup& group) {
        return [](TaskGroup& g, std::vector<int>& o) -> Task<void> {
          g.spawn([](std::vector<int>& done) -> Task<void> {
            try {
              co_await sleep_for(1h);
            } catch (const Cancelled&) {
            }
            const CancelShield shield;
            co_await sleep_for(3ms);
            done.push_back(1);
          }(o));
          co_await sleep_for(1h);
          o.push_back(2);
        }(group, out);
      };
      co_await with_task_group(loop(), block);
    };
    auto task = spawn(outer(ended));
    co_await sleep_for(1ms);
    task.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(ended == std::vector{1});
    CHECK(now() == 4ms);
  }());
}

TEST_CASE(
    "TaskGroup: errors that come while the caller is cancelled aren't lost, and neither is the "
    "cancellation") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    bool caught = false;
    bool after = false;
    const auto outer = [](bool& error, bool& went_on) -> Task<void> {
      const auto block = [](TaskGroup& group) -> Task<void> {
        group.spawn(fail_in_cleanup("lost?"));
        co_return;
      };
      try {
        co_await with_task_group(loop(), block);
      } catch (const TaskGroupError&) {
        error = true;
      }
      co_await yield();
      went_on = true;
    };
    auto task = spawn(outer(caught, after));
    co_await sleep_for(1ms);
    task.cancel();
    auto joining = ends_cancelled(task);
    CHECK(co_await std::move(joining));
    CHECK(caught);
    CHECK_FALSE(after);
  }());
}

TEST_CASE("TaskGroup: cancel ends the group, and is no error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto block = [](TaskGroup& group) -> Task<void> {
      group.spawn([](TaskGroup& g) -> Task<void> {
        co_await sleep_for(1ms);
        g.cancel();
      }(group));
      co_await sleep_for(1h);
    };
    co_await with_task_group(loop(), block);
    CHECK(now() == 1ms);
    co_await yield();  // no cancellation is left behind
  }());
}

TEST_CASE("TaskGroup: a task that is spawned into a group that is being cancelled never starts") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<int> started;
    const auto block = [&started](TaskGroup& group) {
      return [](TaskGroup& g, std::vector<int>& o) -> Task<void> {
        g.cancel();
        auto late = g.spawn([](std::vector<int>& s) -> Task<void> {
          s.push_back(1);
          co_return;
        }(o));
        co_return;
      }(group, started);
    };
    co_await with_task_group(loop(), block);
    CHECK(started.empty());
  }());
}

TEST_CASE("TaskGroup: a task of the group may spawn more tasks into it") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& out) -> Task<void> {
    const auto block = [&out](TaskGroup& group) {
      return [](TaskGroup& g, std::vector<int>& o) -> Task<void> {
        g.spawn([](TaskGroup& inner, std::vector<int>& done) -> Task<void> {
          co_await sleep_for(1ms);
          inner.spawn(note_after(1ms, 1, done));
        }(g, o));
        co_return;
      }(group, out);
    };
    co_await with_task_group(loop(), block);
    CHECK(out == std::vector{1});
  }(order));
}

TEST_CASE("TaskGroup: a block that ends by a cancellation of what it awaits cancels the group") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto block = [](TaskGroup& group) -> Task<void> {
      group.spawn([]() -> Task<void> { co_await sleep_for(1h); }());
      auto other = spawn([]() -> Task<void> { co_await sleep_for(1h); }());
      other.cancel();
      co_await other;
    };
    CHECK_THROWS_AS(co_await with_task_group(loop(), block), Cancelled);
    CHECK(now() == 0s);
  }());
}

TEST_CASE("TaskGroup: groups nest, and an inner failure is one error of the outer group") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    const auto outer = [](TaskGroup& group) -> Task<void> {
      group.spawn([]() -> Task<void> {
        const auto inner = [](TaskGroup& g) -> Task<void> {
          g.spawn(fail_after(1ms, "deep"));
          co_return;
        };
        co_await with_task_group(loop(), inner);
      }());
      co_await sleep_for(1h);
    };
    CHECK_THROWS_WITH(co_await with_task_group(loop(), outer),
                      "task group: 1 task failed: task group: 1 task failed: deep");
  }());
}

TEST_CASE("TaskGroup: spawning into a group that has ended is an error") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    TaskGroup* group = nullptr;
    auto late = spawn(spawn_too_late(group));
    const auto block = [&group](TaskGroup& g) { return expose(g, group); };
    co_await with_task_group(loop(), block);
    co_await late;
  }());
}

TEST_CASE("TaskGroup: a group on a loop that doesn't run on this thread is an error") {
  ManualLoop t;
  EventLoop other;
  t.run([](EventLoop& wrong) -> Task<void> {
    const auto block = [](TaskGroup&) -> Task<void> { co_return; };
    CHECK_THROWS_WITH_AS(co_await with_task_group(wrong, block),
                         "with_task_group: this loop does not run on this thread", UsageError);
  }(other));
}
