#include "engine/async/future.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<void> note_value(Future<std::string>& future, int id, std::vector<std::string>& out) {
  const std::string& value = co_await future.get();
  out.push_back(std::to_string(id) + value);
}

}  // namespace

TEST_CASE("Future: everybody who waits gets the value, in the order in which they came") {
  ManualLoop t;
  std::vector<std::string> seen;
  t.run([](std::vector<std::string>& out) -> Task<void> {
    Future<std::string> future;
    auto a = spawn(note_value(future, 1, out));
    auto b = spawn(note_value(future, 2, out));
    co_await yield();
    CHECK_FALSE(future.done());
    future.set("x");
    CHECK(out.empty());  // posted, not resumed in line
    co_await a;
    co_await b;
    const std::string& late = co_await future.get();
    CHECK(late == "x");
    CHECK(&late == &future.value());
  }(seen));
  CHECK(seen == std::vector<std::string>{"1x", "2x"});
}

TEST_CASE("Future: an error comes to everybody who waits") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Future<int> future;
    auto waiter = spawn([](Future<int>& f) -> Task<void> { co_await f.get(); }(future));
    co_await yield();
    future.fail(std::make_exception_ptr(std::runtime_error("broken")));
    CHECK_THROWS_WITH(co_await waiter, "broken");
    CHECK_THROWS_WITH(co_await future.get(), "broken");
    CHECK_THROWS_WITH(future.value(), "broken");
  }());
}

TEST_CASE("Future: it is set once; setting it again is an error, and so is reading it too early") {
  Future<int> future;
  CHECK_THROWS_WITH_AS(future.value(), "Future::value: it is not set yet; await get() instead", UsageError);
  future.set(1);
  CHECK_THROWS_WITH_AS(future.set(2), "Future: it was set before; a Future is set once", UsageError);
  CHECK_THROWS_AS(future.fail(std::make_exception_ptr(1)), UsageError);
  CHECK(future.value() == 1);
  Future<void> nothing;
  nothing.set();
  CHECK(nothing.done());
  CHECK_THROWS_AS(nothing.set(), UsageError);
}

TEST_CASE("Future: a waiter that is cancelled leaves without a trace") {
  ManualLoop t;
  std::vector<std::string> seen;
  t.run([](std::vector<std::string>& out) -> Task<void> {
    Future<std::string> future;
    auto a = spawn(note_value(future, 1, out));
    auto b = spawn(note_value(future, 2, out));
    co_await yield();
    a.cancel();
    future.set("x");
    co_await b;
    CHECK(a.cancelled());
  }(seen));
  CHECK(seen == std::vector<std::string>{"2x"});
}

TEST_CASE("Future: it can hold a value that can only be moved") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    Future<std::unique_ptr<int>> future;
    future.set(std::make_unique<int>(4));
    auto& value = co_await future.get();
    CHECK(*value == 4);
  }());
}
