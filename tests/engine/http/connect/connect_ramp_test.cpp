#include "engine/http/connect/connect_ramp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

/// What the connections of a test did, on a manual clock.
struct Log {
  explicit Log(EventLoop& l) : loop(l), start(l.now()) {}
  EventLoop& loop;
  TimePoint start;
  int connecting = 0;
  int peak = 0;
  std::vector<std::string> order;
  std::vector<Duration> times;  // of the entries of `order`
};

ConnectRampOptions options(std::size_t at_once) {
  ConnectRampOptions made;
  made.at_once = at_once;
  return made;
}

Task<void> connect(ConnectRamp& ramp, Log& log, std::string origin, Duration time) {
  ConnectRamp::Permit permit;
  co_await ramp.enter(origin, permit);
  log.order.push_back(origin);
  log.times.push_back(log.loop.now() - log.start);
  log.peak = std::max(log.peak, ++log.connecting);
  co_await sleep_for(time);
  --log.connecting;
}

Task<void> all(std::vector<TaskHandle<void>> tasks) {
  for (auto& task : tasks) co_await task;
}

Task<void> quick_ones(ConnectRamp& ramp, Log& log, int count) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < count; ++i) tasks.push_back(spawn(connect(ramp, log, "http://a:80", 10ms)));
  auto ending = all(std::move(tasks));
  co_await std::move(ending);
}

Task<void> dead_host_first(ConnectRamp& ramp, Log& log) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 1000; ++i) tasks.push_back(spawn(connect(ramp, log, "http://dead:80", 10s)));
  tasks.push_back(spawn(connect(ramp, log, "http://alive:80", 1ms)));
  auto ending = all(std::move(tasks));
  co_await std::move(ending);
}

Task<void> cancelled_while_waiting(ConnectRamp& ramp, Log& log) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 10; ++i) tasks.push_back(spawn(connect(ramp, log, "http://a:80", 20ms)));
  tasks.push_back(spawn(connect(ramp, log, "http://b:80", 20ms)));
  co_await yield();
  for (std::size_t i = 1; i < 10; ++i) tasks[i].cancel();
  for (std::size_t i = 1; i < 10; ++i) {
    bool was_cancelled = false;
    try {
      co_await tasks[i];
    } catch (const Cancelled&) {
      was_cancelled = true;
    }
    CHECK(was_cancelled);
  }
  co_await tasks.front();
  co_await tasks.back();
}

Task<void> cancelled_when_let_in(ConnectRamp& ramp, Log& log) {
  auto first = std::make_unique<ConnectRamp::Permit>();
  const std::string origin = "http://a:80";
  co_await ramp.enter(origin, *first);
  auto second = spawn(connect(ramp, log, origin, 20ms));
  co_await yield();
  first.reset();  // this lets it in
  CHECK(ramp.connecting() == 1);
  second.cancel();
  bool was_cancelled = false;
  try {
    co_await second;
  } catch (const Cancelled&) {
    was_cancelled = true;
  }
  CHECK(was_cancelled);
  CHECK(ramp.connecting() == 0);
}

}  // namespace

TEST_CASE("ConnectRamp: no more transfers connect at once than it has permits, and they do so in order") {
  ManualClock clock;
  EventLoop loop(&clock);
  ConnectRamp ramp(loop, options(8));
  Log log(loop);
  loop.run(quick_ones(ramp, log, 100));
  CHECK(log.peak == 8);
  CHECK(std::is_sorted(log.times.begin(), log.times.end()));
  CHECK(log.times.back() >= 120ms);  // 100 by 8, 10 ms each
  CHECK(log.times.back() <= 140ms);
  CHECK(ramp.connecting() == 0);
}

TEST_CASE(
    "ConnectRamp: a permit that is kept comes back by itself, so a dead host delays another one by one "
    "step") {
  ManualClock clock;
  EventLoop loop(&clock);
  ConnectRamp ramp(loop, options(128));
  Log log(loop);
  loop.run(dead_host_first(ramp, log));
  const auto alive = std::find(log.order.begin(), log.order.end(), "http://alive:80");
  REQUIRE(alive != log.order.end());
  CHECK(log.times[static_cast<std::size_t>(alive - log.order.begin())] <= 51ms);
  CHECK(log.times.back() >= 350ms);  // the dead host's permits go up by 128 in each step
  CHECK(log.times.back() <= 400ms);
  CHECK(ramp.connecting() == 0);
}

TEST_CASE(
    "ConnectRamp: a transfer that is cancelled while it waits leaves no trace, and its origin's turn goes "
    "on") {
  ManualClock clock;
  EventLoop loop(&clock);
  ConnectRamp ramp(loop, options(1));
  Log log(loop);
  loop.run(cancelled_while_waiting(ramp, log));
  CHECK(log.order == std::vector<std::string>{"http://a:80", "http://b:80"});
  CHECK(ramp.connecting() == 0);
}

TEST_CASE("ConnectRamp: a transfer that is cancelled after it was let in gives its permit back") {
  ManualClock clock;
  EventLoop loop(&clock);
  ConnectRamp ramp(loop, options(1));
  Log log(loop);
  loop.run(cancelled_when_let_in(ramp, log));
}
