#include "engine/async/beside.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/sleep.hpp"
#include "tests/engine/async/loop_fixture.hpp"

using namespace leat;
using namespace leat::async;

namespace {

/// Needs a few turns to end once it is cancelled.
Task<void> reluctant(bool& started, bool& ended) {
  started = true;
  Event never;
  try {
    co_await never.wait();
  } catch (const Cancelled&) {
  }
  const CancelShield shield;
  for (int i = 0; i < 5; ++i) co_await yield();
  ended = true;
}

Task<int> answer() {
  co_await yield();
  co_await yield();
  co_return 42;
}

Task<int> failing() {
  co_await yield();
  throw std::runtime_error("broken");
}

Task<int> endless() {
  Event never;
  co_await never.wait();
  co_return 0;
}

Task<void> cancel_after_turns(TaskHandle<int> task) {
  for (int i = 0; i < 3; ++i) co_await yield();
  task.cancel();
}

Task<void> is_cancelled(bool& started, bool& ended) {
  auto task = spawn(beside(endless(), reluctant(started, ended), "helper"), "work");
  auto cancelling = cancel_after_turns(task);
  co_await std::move(cancelling);
  CHECK_THROWS_AS(co_await task, Cancelled);
}

}  // namespace

TEST_CASE("beside: it gives the result of the work once the helper has ended") {
  EventLoop loop;
  bool started = false;
  bool ended = false;
  CHECK(loop.run(beside(answer(), reluctant(started, ended), "helper")) == 42);
  CHECK(started);
  CHECK(ended);
}

TEST_CASE("beside: if the work fails, the helper ends before the error is thrown") {
  EventLoop loop;
  bool started = false;
  bool ended = false;
  CHECK_THROWS_WITH(loop.run(beside(failing(), reluctant(started, ended), "helper")), "broken");
  CHECK(ended);
}

TEST_CASE("beside: if it is cancelled, the helper ends before the caller learns of it") {
  EventLoop loop;
  bool started = false;
  bool ended = false;
  loop.run(is_cancelled(started, ended));
  CHECK(started);
  CHECK(ended);
}
