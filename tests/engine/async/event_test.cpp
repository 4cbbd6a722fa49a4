#include "engine/async/event.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> note_when_set(Event& event, int id, std::vector<int>& order) {
  co_await event.wait();
  order.push_back(id);
}

}  // namespace

TEST_CASE("Event: it wakes everybody who waits, in the order in which they came") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Event event;
    auto a = spawn(note_when_set(event, 1, o));
    auto b = spawn(note_when_set(event, 2, o));
    co_await yield();
    CHECK(o.empty());
    event.set();
    CHECK(o.empty());  // posted, not resumed in line
    co_await a;
    co_await b;
  }(order));
  CHECK(order == std::vector{1, 2});
}

TEST_CASE("Event: once it is set, nobody waits for it again") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Event event;
    event.set();
    event.set();
    CHECK(event.is_set());
    co_await event.wait();
    co_await event.wait();
  }());
}

TEST_CASE("Event: a waiter that is cancelled leaves without a trace") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Event event;
    auto a = spawn(note_when_set(event, 1, o));
    auto b = spawn(note_when_set(event, 2, o));
    co_await yield();
    a.cancel();
    event.set();
    co_await b;
    CHECK(a.cancelled());
  }(order));
  CHECK(order == std::vector{2});
}

TEST_CASE("Event: a waiter that was woken can't be cancelled in the same turn") {
  ManualLoop t;
  std::vector<int> order;
  t.run([](std::vector<int>& o) -> Task<void> {
    Event event;
    auto a = spawn(note_when_set(event, 1, o));
    co_await yield();
    event.set();
    a.cancel();
    co_await a;
    CHECK_FALSE(a.cancelled());
  }(order));
  CHECK(order == std::vector{1});
}
