#include "engine/async/debug.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

namespace {

/// A loop in debug mode that keeps its reports.
struct DebugLoop : ManualLoop {
  DebugLoop() {
    DebugOptions options;
    options.report = [this](std::string_view line) { lines.emplace_back(line); };
    loop.set_debug(std::move(options));
  }
  /// The reports that contain `part`.
  [[nodiscard]] std::size_t count(const std::string& part) const {
    std::size_t found = 0;
    for (const auto& line : lines) found += line.find(part) != std::string::npos ? 1 : 0;
    return found;
  }
  std::vector<std::string> lines;
};

Task<void> hold_up(ManualClock& clock, Duration time) {
  co_await yield();
  clock.advance(time);  // as a long computation would do
  co_await yield();
}

Task<void> fail() {
  co_await yield();
  throw std::runtime_error("overlooked");
}
[[maybe_unused]] constexpr int kLastLineOfFail = __LINE__ - 1;

}  // namespace

TEST_CASE("debug: a task that holds up the loop is reported with its name and source") {
  DebugLoop t;
  t.run([](ManualClock& clock) -> Task<void> {
    auto slow = spawn(hold_up(clock, 213ms), "slow one");
    auto quick = spawn(hold_up(clock, 99ms), "quick one");
    co_await slow;
    co_await quick;
  }(t.clock));
  REQUIRE(t.lines.size() == 1);
  CHECK(t.count("task 'slow one' (spawned at ") == 1);
  CHECK(t.count("debug_test.cpp:") == 1);
  CHECK(t.count(" held up the loop for 213 ms") == 1);
}

TEST_CASE("debug: a posted function that holds up the loop is reported") {
  DebugLoop t;
  t.run([](EventLoop& loop, ManualClock& clock) -> Task<void> {
    loop.post([&clock] { clock.advance(1s); });
    co_await sleep_for(1ms);
  }(t.loop, t.clock));
  CHECK(t.count("a posted function held up the loop for 1000 ms") == 1);
}

TEST_CASE("debug: the threshold can be chosen") {
  ManualLoop t;
  int reports = 0;
  DebugOptions options;
  options.slow_callback = 5ms;
  options.report = [&](std::string_view) { ++reports; };
  t.loop.set_debug(std::move(options));
  t.run(hold_up(t.clock, 5ms));
  CHECK(reports == 1);
}

TEST_CASE(
    "debug: a coroutine that is dropped before it was awaited is reported, with its source and with who "
    "dropped it") {
  DebugLoop t;
  t.run([]() -> Task<void> {
    { auto forgotten = fail(); }
    auto kept = []() -> Task<void> { co_return; }();
    co_await std::move(kept);
  }());
  REQUIRE(t.lines.size() == 1);
  CHECK(t.count("coroutine '") == 1);
  CHECK(t.count("fail") == 1);
#ifdef __cpp_lib_source_location
  CHECK(t.count("debug_test.cpp:" + std::to_string(kLastLineOfFail) + ")") == 1);
#endif
  CHECK(t.count(" was dropped before it was awaited or spawned, in task 'main'") == 1);
}

TEST_CASE("debug: a task's error that nobody looked at is reported when its last handle goes") {
  DebugLoop t;
  t.run([]() -> Task<void> {
    spawn(fail(), "lonely");
    auto seen = spawn(fail(), "seen");
    auto asked = spawn(fail(), "asked");
    CHECK_THROWS_WITH(co_await seen, "overlooked");
    CHECK(asked.exception() != nullptr);
    auto cancelled = spawn([]() -> Task<void> { co_await sleep_for(1h); }());
    co_await yield();
    cancelled.cancel();
    co_await yield();
  }());
  REQUIRE(t.lines.size() == 1);
  CHECK(t.count("task 'lonely' (spawned at ") == 1);
  CHECK(t.count(" failed, and nobody looked at its error: overlooked") == 1);
}

TEST_CASE("debug: a task's error that nobody looked at is reported at the end even if its handle lives on") {
  DebugLoop t;
  std::vector<TaskHandle<void>> kept;
  const auto keep_one = [](std::vector<TaskHandle<void>>& handles, bool look) -> Task<void> {
    handles.push_back(spawn(fail(), look ? "seen" : "kept"));
    co_await sleep_for(1ms);
    if (look) CHECK(handles.back().exception() != nullptr);
  };
  t.run(keep_one(kept, false));
  REQUIRE(t.lines.size() == 1);
  CHECK(t.count("task 'kept' (spawned at ") == 1);
  CHECK(t.count(" failed, and nobody looked at its error: overlooked") == 1);

  SUBCASE("and not again when the handle goes, in a later run or between two runs") {
    SUBCASE("in a later run") {
      t.run([](std::vector<TaskHandle<void>>& handles) -> Task<void> {
        handles.clear();
        co_return;
      }(kept));
    }
    SUBCASE("between two runs") {
      kept.clear();
      t.run(keep_one(kept, true));
    }
    CHECK(t.lines.size() == 1);
  }
}

TEST_CASE("debug: the main task's error is its caller's, and not reported") {
  DebugLoop t;
  CHECK_THROWS_WITH(t.run(fail()), "overlooked");
  CHECK(t.lines.empty());
}

TEST_CASE("debug: tasks still alive at the end are reported, with what they await and for how long") {
  DebugLoop t;
  t.run([]() -> Task<void> {
    spawn([]() -> Task<void> { co_await sleep_for(1h); }(), "leftover");
    co_await sleep_for(250ms);
  }());
  REQUIRE(t.lines.size() == 1);
  CHECK(t.count("task 'leftover' (spawned at ") == 1);
  CHECK(t.count(" was still alive at the end, awaiting sleep for 250 ms") == 1);
}

TEST_CASE("debug: a clean run reports nothing") {
  DebugLoop t;
  t.run([]() -> Task<void> {
    std::vector<TaskHandle<void>> tasks;
    for (int i = 0; i < 10; ++i) tasks.push_back(spawn([]() -> Task<void> { co_await sleep_for(1ms); }()));
    for (auto& task : tasks) co_await task;
  }());
  CHECK(t.lines.empty());
}

TEST_CASE("debug: a handle may outlive its loop in debug mode") {
  TaskHandle<void> handle;
  {
    DebugLoop t;
    t.run([](TaskHandle<void>& out) -> Task<void> {
      out = spawn(fail());
      co_await sleep_for(1ms);
    }(handle));
  }
  CHECK(handle.done());
}

TEST_CASE("debug: setting it without a report, or while the loop runs, is an error") {
  ManualLoop t;
  CHECK_THROWS_AS(t.loop.set_debug(DebugOptions()), UsageError);
  t.run([](EventLoop& loop) -> Task<void> {
    DebugOptions options;
    options.report = [](std::string_view) {};
    CHECK_THROWS_WITH_AS(loop.set_debug(std::move(options)), "EventLoop::set_debug: call it before run",
                         UsageError);
    co_return;
  }(t.loop));
}
