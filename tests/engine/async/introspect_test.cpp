#include "engine/async/introspect.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/queue.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

TEST_CASE("all_tasks: it gives each task's name and state, what it awaits and since when") {
  ManualLoop t;
  t.run([](EventLoop& loop) -> Task<void> {
    Event event;
    Queue<int> queue;
    spawn([](Event& e) -> Task<void> { co_await e.wait(); }(event), "waits for an event");
    co_await sleep_for(5ms);
    spawn([](Queue<int>& q) -> Task<void> { co_await q.get(); }(queue), "waits for an item");
    co_await sleep_for(5ms);
    queue.try_put(1);
    spawn([]() -> Task<void> { co_return; }(), "not started");

    const auto tasks = all_tasks(loop);
    REQUIRE(tasks.size() == 4);
    CHECK(tasks[0].name == "main");
    CHECK(tasks[0].status == TaskStatus::running);
    CHECK(tasks[1].name == "waits for an event");
    CHECK(tasks[1].status == TaskStatus::waiting);
    CHECK(tasks[1].awaiting == "event");
    CHECK(tasks[1].since == TimePoint{});
    CHECK(tasks[2].status == TaskStatus::ready);
    CHECK(tasks[2].awaiting.empty());
    CHECK(tasks[2].since == TimePoint(10ms));
    CHECK(tasks[3].name == "not started");
    CHECK(tasks[3].status == TaskStatus::queued);
    CHECK(std::string(to_string(tasks[3].status)) == "queued");
    co_await yield();
    CHECK(all_tasks(loop).size() == 2);
    event.set();
    co_await yield();
  }(t.loop));
  CHECK(all_tasks(t.loop).empty());
}
