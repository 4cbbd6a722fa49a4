#include "engine/async/signals.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "tests/engine/async/loop_fixture.hpp"

using namespace leat::async;

TEST_CASE("Signals: a signal arrives as a value, and two signals as two values in order") {
  EventLoop loop;
  loop.run([](EventLoop& l) -> Task<void> {
    Signals signals(l, {SIGUSR1, SIGUSR2});
    std::raise(SIGUSR1);
    auto first = co_await signals.next();
    CHECK(first == SIGUSR1);
    std::raise(SIGUSR2);
    auto second = co_await signals.next();
    CHECK(second == SIGUSR2);
    std::raise(SIGUSR1);
    std::raise(SIGUSR1);
    auto third = co_await signals.next();
    auto fourth = co_await signals.next();
    CHECK(third == SIGUSR1);
    CHECK(fourth == SIGUSR1);
  }(loop));
}

TEST_CASE("Signals: waiting for a signal can be cancelled, and the loop then closes cleanly") {
  EventLoop loop;
  loop.run([](EventLoop& l) -> Task<void> {
    Signals signals(l, {SIGUSR1});
    auto reader = spawn([](Signals& s) -> Task<void> { co_await s.next(); }(signals));
    co_await yield();
    reader.cancel();
    auto joining = ends_cancelled(reader);
    CHECK(co_await std::move(joining));
  }(loop));
}

TEST_CASE("Signals: waiting for a signal that can't be caught is an error") {
  EventLoop loop;
  CHECK_THROWS_AS(Signals(loop, {SIGUSR1, SIGKILL}), UsageError);
}
