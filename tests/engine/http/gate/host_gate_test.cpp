#include "engine/http/gate/host_gate.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

/// What the transfers of a test did, on a manual clock.
struct Log {
  explicit Log(EventLoop& l) : loop(l) {}
  EventLoop& loop;
  std::vector<std::pair<std::string, TimePoint>> starts;
  std::map<std::string, int> running;
  std::map<std::string, int> peak;
  int running_all = 0;
  int peak_all = 0;

  void start(const std::string& host) {
    starts.emplace_back(host, loop.now());
    peak[host] = std::max(peak[host], ++running[host]);
    peak_all = std::max(peak_all, ++running_all);
  }
  void end(const std::string& host) {
    --running[host];
    --running_all;
  }
};

Task<void> transfer(HostGate& gate, Log& log, std::string host, Duration time) {
  auto slot = co_await gate.enter(host);
  slot.progress()->connected.store(true);
  log.start(host);
  co_await sleep_for(time);
  log.end(host);
}

Task<void> all(std::vector<TaskHandle<void>> tasks) {
  for (auto& task : tasks) co_await task;
}

HostGateOptions options(std::size_t slots, std::size_t per_host = 0) {
  HostGateOptions made;
  made.slots = slots;
  made.per_host = per_host;
  return made;
}

Task<void> capped(HostGate& gate, Log& log) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 300; ++i)
    tasks.push_back(spawn(transfer(gate, log, "h" + std::to_string(i % 3), 10ms)));
  auto joining = all(std::move(tasks));
  co_await std::move(joining);
}

// One slow host comes first, then ten fast ones; the source reads on only if there is a vacancy.
Task<void> read_ahead(HostGate& gate, Log& log, std::size_t& most_read) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 1100; ++i) {
    auto vacancy = co_await gate.vacancy();
    most_read = std::max(most_read, gate.waiting());
    const bool slow = i < 1000;
    vacancy.reset();
    tasks.push_back(spawn(
        transfer(gate, log, slow ? "slow" : "quick" + std::to_string(i % 10), slow ? Duration(1s) : 1ms)));
    co_await yield();
  }
  auto joining = all(std::move(tasks));
  co_await std::move(joining);
}

Task<void> with_vacancy(HostGate& gate, Log& log) {
  auto first = co_await gate.vacancy();
  CHECK(gate.taken() == 1);
  auto slot = co_await gate.enter("a", std::move(first));
  CHECK(gate.taken() == 1);
  auto second = co_await gate.vacancy();
  CHECK(gate.taken() == 2);
  auto waiting = spawn(transfer(gate, log, "b", 1ms));
  co_await yield();
  CHECK(gate.waiting() == 1);
  second.reset();
  co_await waiting;
  slot.reset();
  CHECK(gate.taken() == 0);
}

Task<void> parked(HostGate& gate, Log& log) {
  const TimePoint begin = log.loop.now();
  gate.park("busy", begin + 5s);
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 10; ++i) {
    tasks.push_back(spawn(transfer(gate, log, "busy", 1ms)));
    tasks.push_back(spawn(transfer(gate, log, "free", 1ms)));
  }
  auto joining = all(std::move(tasks));
  co_await std::move(joining);
  for (const auto& [host, time] : log.starts) {
    if (host == "busy") CHECK(time >= begin + 5s);
    if (host == "free") CHECK(time < begin + 1s);
  }
}

Task<void> paced(HostGate& gate, Log& log, int count) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < count; ++i)
    tasks.push_back(spawn(transfer(gate, log, "h" + std::to_string(i % 2), 0ms)));
  auto joining = all(std::move(tasks));
  co_await std::move(joining);
}

Task<void> random_cancellation(HostGate& gate, Log& log) {
  std::mt19937 random(7);
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 10'000; ++i) {
    tasks.push_back(spawn(
        transfer(gate, log, "h" + std::to_string(random() % 20), std::chrono::milliseconds(random() % 5))));
    if (random() % 3 == 0) tasks[random() % tasks.size()].cancel();
    if (random() % 10 == 0) co_await yield();
    if (random() % 100 == 0) co_await sleep_for(1ms);
  }
  for (auto& task : tasks) {
    try {
      co_await task;
    } catch (const Cancelled&) {
    }
  }
}

}  // namespace

TEST_CASE("HostGate: neither the total cap nor that of a host is ever exceeded, and both are reached") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(8, 3));
  Log log(loop);
  loop.run(capped(gate, log));
  CHECK(log.starts.size() == 300);
  CHECK(log.peak_all == 8);
  for (const auto& [host, peak] : log.peak) CHECK(peak == 3);
  CHECK(gate.taken() == 0);
}

TEST_CASE("HostGate: a thousand records of one slow host at the start do not delay the others") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(16, 2));
  Log log(loop);
  std::size_t most_read = 0;
  loop.run(read_ahead(gate, log, most_read));
  TimePoint last_quick{};
  for (const auto& [host, time] : log.starts) {
    if (host != "slow") last_quick = std::max(last_quick, time);
  }
  CHECK(last_quick < TimePoint() + 1s);
  CHECK(log.peak["slow"] == 2);
  CHECK(most_read <= 1000);
}

TEST_CASE("HostGate: a source reads only as many records as there are free slots") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(2));
  Log log(loop);
  loop.run(with_vacancy(gate, log));
}

TEST_CASE("HostGate: a parked host waits alone") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(4));
  Log log(loop);
  loop.run(parked(gate, log));
  CHECK(log.starts.size() == 20);
}

TEST_CASE(
    "HostGate: a rate of 10,000 a second is kept within 1 %, with a burst no longer than a timer's grain") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGateOptions limited = options(100);
  limited.rate = Rate(10'000, 1s);
  HostGate gate(loop, limited);
  Log log(loop);
  clock.advance(1h);
  const TimePoint begin = clock.now();
  loop.run(paced(gate, log, 20'000));
  const double seconds = std::chrono::duration<double>(log.starts.back().second - begin).count();
  CHECK(seconds == doctest::Approx(2.0).epsilon(0.015));
}

TEST_CASE("HostGate: a rate for each host does not slow down the others") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGateOptions limited = options(100);
  limited.per_host_rate = Rate(10, 1s, 0ms);
  HostGate gate(loop, limited);
  Log log(loop);
  clock.advance(1h);
  const TimePoint begin = clock.now();
  loop.run(paced(gate, log, 42));
  const double seconds = std::chrono::duration<double>(log.starts.back().second - begin).count();
  CHECK(seconds == doctest::Approx(2.0).epsilon(0.02));
}

TEST_CASE("HostGate: the starts to a host that asks for it are apart, those to the others are not") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(100));
  Log log(loop);
  clock.advance(1h);
  gate.space_starts("h0", 2s);
  gate.space_starts("h0", 1s);  // the longer one counts
  const TimePoint begin = clock.now();
  loop.run(paced(gate, log, 12));
  std::map<std::string, Duration> last;
  for (const auto& [host, at] : log.starts) last[host] = at - begin;
  for (const auto& [name, after] : last) {
    const auto& host = name;  // clang 14 gives no binding to a lambda
    const auto starts = std::count_if(log.starts.begin(), log.starts.end(),
                                      [&](const auto& start) { return start.first == host; });
    CHECK(after == (host == "h0" ? (starts - 1) * 2s : 0s));
  }
}

TEST_CASE("HostGate: 10,000 random transfers, a third of them cancelled, leave nothing behind") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(16, 4));
  Log log(loop);
  loop.run(random_cancellation(gate, log));
  CHECK(gate.taken() == 0);
  CHECK(gate.waiting() == 0);
  CHECK(gate.table().empty());
}

TEST_CASE("HostGate: the number of slots can be lowered, but never below one") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGate gate(loop, options(4));
  CHECK(gate.lower_slots());
  CHECK(gate.slots() == 1);
  CHECK_FALSE(gate.lower_slots());
}

namespace {

Task<void> expect_no_slot(HostGate& gate, int& refused) {
  auto slot = co_await gate.enter("dead");
  if (!slot.held()) ++refused;
}

}  // namespace

TEST_CASE(
    "HostGate: a host that fails too often in a row is given up, and the records that wait for it come back "
    "at once") {
  ManualClock clock;
  EventLoop loop(&clock);
  HostGateOptions limited = options(4, 1);
  limited.host_errors = 3;
  limited.per_host_rate = Rate(1, 3600s, 0ms);
  HostGate gate(loop, limited);
  clock.advance(1h);
  const TimePoint begin = clock.now();
  int refused = 0;
  CHECK_FALSE(gate.settle("dead", true));
  CHECK_FALSE(gate.settle("dead", true));
  CHECK_FALSE(gate.settle("dead", false));  // the row of failures is broken
  CHECK_FALSE(gate.settle("dead", true));
  CHECK_FALSE(gate.settle("alive", true));
  CHECK_FALSE(gate.settle("dead", true));
  gate.park("dead", clock.now() + 1h);
  std::vector<TaskHandle<void>> waiting;
  loop.run([](HostGate& g, std::vector<TaskHandle<void>>& tasks, int& count) -> Task<void> {
    for (int i = 0; i < 10; ++i) tasks.push_back(spawn(expect_no_slot(g, count)));
    co_await yield();
    CHECK(g.waiting() == 10);
    CHECK(g.settle("dead", true));
    CHECK_FALSE(g.settle("dead", true));
    auto all = wait(tasks);
    co_await std::move(all);
    CHECK(g.waiting() == 0);
    auto vacancy = co_await g.vacancy();
    auto late = co_await g.enter("dead", std::move(vacancy));
    CHECK_FALSE(late.held());
    auto other = co_await g.enter("alive");
    CHECK(other.held());
  }(gate, waiting, refused));
  CHECK(refused == 10);
  CHECK(clock.now() == begin);
  CHECK(gate.taken() == 0);
}
