#include "engine/http/connect/stream_gate.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;
using Protocol = StreamGate::Protocol;

namespace {

constexpr const char* kOrigin = "https://a:443";

/// How a transfer of a test goes: it is connected after `connects`, and answered `answers` later.
struct Course {
  Duration connects{10ms};
  Duration answers{10ms};
  bool anew = true;
  bool http2 = true;
};

struct Log {
  explicit Log(EventLoop& l) : start(l.now()) {}
  TimePoint start;
  std::vector<Duration> entered;
};

Task<void> transfer(EventLoop& loop, StreamGate& gate, Log& log, Course course) {
  StreamGate::Probe probe;
  const std::string origin = kOrigin;
  co_await gate.enter(origin, probe);
  log.entered.push_back(loop.now() - log.start);
  co_await sleep_for(course.connects);
  probe.connected(course.anew, course.http2);
  co_await sleep_for(course.answers);
}

Task<void> all(EventLoop& loop, StreamGate& gate, Log& log, std::vector<Course> courses) {
  std::vector<TaskHandle<void>> tasks;
  for (const auto& course : courses) tasks.push_back(spawn(transfer(loop, gate, log, course)));
  for (auto& task : tasks) co_await task;
}

std::vector<Duration> entries(std::vector<Course> courses, Protocol expected) {
  ManualClock clock;
  EventLoop loop(&clock);
  StreamGate gate(loop);
  Log log(loop);
  loop.run(all(loop, gate, log, std::move(courses)));
  CHECK(gate.protocol_of(kOrigin) == expected);
  return log.entered;
}

Task<void> cancelled_while_waiting(EventLoop& loop, StreamGate& gate, Log& log) {
  auto first = spawn(transfer(loop, gate, log, Course()));
  auto second = spawn(transfer(loop, gate, log, Course()));
  auto third = spawn(transfer(loop, gate, log, Course()));
  co_await sleep_for(1ms);
  second.cancel();
  first.cancel();
  co_await third;
}

}  // namespace

TEST_CASE(
    "StreamGate: the others wait for the first one's answer, and each that finds no room waits for the next "
    "one") {
  Course shares;
  shares.anew = false;
  // The third makes another connection.
  const auto times = entries({Course(), shares, Course(), shares}, Protocol::two);
  CHECK(times == std::vector<Duration>{0ms, 20ms, 30ms, 50ms});
}

TEST_CASE("StreamGate: once a server is known to have no HTTP/2, nobody waits for connections or answers") {
  Course plain;
  plain.http2 = false;
  CHECK(entries({plain, plain, plain}, Protocol::one) == std::vector<Duration>{0ms, 10ms, 10ms});
}

TEST_CASE("StreamGate: a server that answers slowly delays nobody once it is connected") {
  Course slow;
  slow.answers = 30s;
  CHECK(entries({slow, Course()}, Protocol::two) == std::vector<Duration>{0ms, 10ms + StreamGate::kSettling});
}

TEST_CASE("StreamGate: a connection that is not made delays the others only for a limited time") {
  Course dead;
  dead.connects = 10s;
  CHECK(entries({dead, dead, Course()}, Protocol::two) ==
        std::vector<Duration>{0ms, StreamGate::kPatience, 2 * StreamGate::kPatience});
}

TEST_CASE("StreamGate: cancelled waiters and probes pass the turn on to the next") {
  ManualClock clock;
  EventLoop loop(&clock);
  StreamGate gate(loop);
  Log log(loop);
  loop.run(cancelled_while_waiting(loop, gate, log));
  CHECK(log.entered == std::vector<Duration>{0ms, 1ms});
}

TEST_CASE("StreamGate: what a transfer without a probe finds out counts as well") {
  ManualClock clock;
  EventLoop loop(&clock);
  StreamGate gate(loop);
  CHECK(gate.protocol_of(kOrigin) == Protocol::unknown);
  gate.learn(kOrigin, Protocol::one);
  CHECK(gate.protocol_of(kOrigin) == Protocol::one);
  CHECK(gate.origins() == 1);
}
