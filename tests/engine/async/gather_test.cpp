#include "engine/async/gather.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

Task<int> give_after(Duration delay, int value) {
  co_await sleep_for(delay);
  co_return value;
}

Task<int> fail_after(Duration delay, std::string message) {
  co_await sleep_for(delay);
  throw std::runtime_error(message);
}

Task<int> count_end(Duration delay, int& ended) {
  co_await sleep_for(delay);
  co_return ++ended;
}

Task<int> cancelled_child() {
  EventLoop::current().current_task().cancel();
  co_await yield();
  co_return 0;
}

}  // namespace

TEST_CASE("gather: it gives results in the order of the input, in the time of the slowest") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<Task<int>> tasks;
    for (int i = 0; i < 5; ++i) tasks.push_back(give_after(std::chrono::milliseconds(10 - i), i));
    auto results = co_await gather(std::move(tasks));
    CHECK(results == std::vector{0, 1, 2, 3, 4});
  }());
  CHECK(t.elapsed() == 10ms);
}

TEST_CASE("gather: it does nothing before it is awaited") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int ended = 0;
    std::vector<Task<int>> tasks;
    tasks.push_back(count_end(0s, ended));
    auto gathering = gather(std::move(tasks));
    co_await sleep_for(1ms);
    CHECK(ended == 0);
    auto results = co_await std::move(gathering);
    CHECK(ended == 1);
  }());
}

TEST_CASE("gather: nothing to gather gives no results") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<Task<int>> none;
    auto results = co_await gather(std::move(none));
    CHECK(results.empty());
  }());
}

TEST_CASE("gather: the first error is thrown as soon as it happens, and the others go on") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int ended = 0;
    std::vector<Task<int>> tasks;
    tasks.push_back(count_end(10ms, ended));
    tasks.push_back(fail_after(3ms, "second"));
    tasks.push_back(fail_after(2ms, "first"));
    CHECK_THROWS_WITH(co_await gather(std::move(tasks)), "first");
    CHECK(EventLoop::current().now() == TimePoint(2ms));
    CHECK(ended == 0);
    co_await sleep_for(10ms);
    CHECK(ended == 1);
  }());
}

TEST_CASE("gather: return_exceptions gives every outcome as a value") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    std::vector<Task<int>> tasks;
    tasks.push_back(give_after(5ms, 7));
    tasks.push_back(fail_after(1ms, "broken"));
    tasks.push_back(cancelled_child());
    auto outcomes = co_await gather(std::move(tasks), return_exceptions);
    REQUIRE(outcomes.size() == 3);
    CHECK(outcomes[0].take() == 7);
    CHECK_THROWS_WITH(outcomes[1].take(), "broken");
    CHECK_FALSE(outcomes[2].ok());
    CHECK_THROWS_AS(outcomes[2].take(), Cancelled);
  }());
}

TEST_CASE("gather: a child that is cancelled alone throws Cancelled and leaves the others alone") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int ended = 0;
    std::vector<Task<int>> tasks;
    tasks.push_back(count_end(1ms, ended));
    tasks.push_back(cancelled_child());
    CHECK_THROWS_AS(co_await gather(std::move(tasks)), Cancelled);
    co_await sleep_for(5ms);
    CHECK(ended == 1);
  }());
}

TEST_CASE("gather: cancelling it cancels the children, and it ends when they have ended") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    int ended = 0;
    bool cleaned = false;
    const auto slow_to_go = [](bool& flag) -> Task<int> {
      try {
        co_await sleep_for(1h);
      } catch (const Cancelled&) {
      }
      const CancelShield shield;
      co_await sleep_for(10ms);
      flag = true;
      co_return 0;
    };
    std::vector<Task<int>> tasks;
    tasks.push_back(count_end(1h, ended));
    tasks.push_back(slow_to_go(cleaned));
    auto gatherer = spawn(gather(std::move(tasks)));
    co_await sleep_for(1ms);
    gatherer.cancel();
    auto joining = ends_cancelled(gatherer);
    CHECK(co_await std::move(joining));
    CHECK(cleaned);
    CHECK(ended == 0);
  }());
  CHECK(t.elapsed() == 11ms);
}

TEST_CASE("gather: it takes coroutines of different types, also of void") {
  ManualLoop t;
  t.run([]() -> Task<void> {
    bool ran = false;
    const auto nothing = [](bool& flag) -> Task<void> {
      co_await sleep_for(1ms);
      flag = true;
    };
    const auto owner = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
    auto gathering = gather(give_after(2ms, 1), nothing(ran), owner());
    auto [number, unit, pointer] = co_await std::move(gathering);
    CHECK(number == 1);
    CHECK(unit == Unit{});
    CHECK(*pointer == 3);
    CHECK(ran);

    std::vector<Task<void>> voids;
    bool again = false;
    voids.push_back(nothing(again));
    co_await gather(std::move(voids));
    CHECK(again);
  }());
}
