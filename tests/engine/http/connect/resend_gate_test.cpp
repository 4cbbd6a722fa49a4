#include "engine/http/connect/resend_gate.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

enum class Fate { answered, failed, slow };

/// What happened to requests that were lost together.
struct Sent {
  int at_once = 0;  // before the first of them got no answer
  int in_all = 0;
  int refused = 0;
};

Task<void> resend(ResendGate& gate, std::string origin, Fate fate, Sent& sent) {
  ResendGate::Scout scout;
  const bool goes = co_await gate.enter(origin, scout);
  if (!goes) {
    ++sent.refused;
    co_return;
  }
  ++sent.in_all;
  if (EventLoop::current().now() == TimePoint() + 1h) ++sent.at_once;
  co_await sleep_for(fate == Fate::slow ? Duration(10s) : Duration(5ms));
  if (fate == Fate::answered) scout.answered();
  if (fate == Fate::failed) scout.release();
}

Task<void> resend_all(ResendGate& gate, Fate fate, Sent& sent, Sent& elsewhere) {
  const std::string here = "http://a:80";
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < 32; ++i) tasks.push_back(spawn(resend(gate, here, fate, sent)));
  tasks.push_back(spawn(resend(gate, "http://b:80", Fate::answered, elsewhere)));
  for (auto& task : tasks) co_await task;
  auto late = spawn(resend(gate, here, Fate::answered, sent));
  co_await late;
  co_await sleep_for(ResendGate::kMemory + 1ms);
  CHECK(gate.origins() == 0);
}

Sent resent(Fate fate) {
  ManualClock clock;
  EventLoop loop(&clock);
  clock.advance(1h);
  ResendGate gate(loop);
  Sent sent;
  Sent elsewhere;
  loop.run(resend_all(gate, fate, sent, elsewhere));
  CHECK(elsewhere.in_all == 1);
  CHECK(sent.at_once == 1);
  return sent;
}

Task<void> cancelled(ResendGate& gate, Sent& sent) {
  auto first = spawn(resend(gate, "http://a:80", Fate::slow, sent));
  co_await sleep_for(1ms);
  auto second = spawn(resend(gate, "http://a:80", Fate::slow, sent));
  co_await sleep_for(1ms);
  second.cancel();
  co_await sleep_for(1ms);
  first.cancel();
  co_await sleep_for(ResendGate::kMemory + 1ms);
  CHECK(gate.origins() == 0);
  CHECK(sent.in_all == 1);
}

Task<void> cancel_scout(ResendGate& gate, Sent& sent) {
  auto scout = spawn(resend(gate, "http://a:80", Fate::slow, sent));
  co_await sleep_for(1ms);
  std::vector<TaskHandle<void>> others;
  for (int i = 0; i < 3; ++i) others.push_back(spawn(resend(gate, "http://a:80", Fate::answered, sent)));
  co_await sleep_for(1ms);
  scout.cancel();
  co_await sleep_for(1ms);
  CHECK(sent.in_all == 2);  // one of them, as the scout
  for (auto& other : others) co_await other;
  CHECK(gate.origins() == 0);
}

}  // namespace

TEST_CASE("ResendGate: a scout that is cancelled has found out nothing, and the next one goes in its place") {
  ManualClock clock;
  EventLoop loop(&clock);
  ResendGate gate(loop);
  Sent sent;
  loop.run(cancel_scout(gate, sent));
  CHECK(sent.in_all == 4);
  CHECK(sent.refused == 0);
}

TEST_CASE(
    "ResendGate: the first of the requests that were lost together is sent alone, and the others once it is "
    "answered") {
  const Sent sent = resent(Fate::answered);
  CHECK(sent.in_all == 33);
  CHECK(sent.refused == 0);
}

TEST_CASE(
    "ResendGate: if the first gets no answer, the others are not sent, nor is one that comes a moment "
    "later") {
  const Sent sent = resent(Fate::failed);
  CHECK(sent.in_all == 1);
  CHECK(sent.refused == 32);
}

TEST_CASE("ResendGate: a slow answer to the first request delays the others for half a second") {
  const Sent sent = resent(Fate::slow);
  CHECK(sent.in_all >= 32);
}

TEST_CASE("ResendGate: a cancelled scout and a cancelled waiter leave nothing behind") {
  ManualClock clock;
  EventLoop loop(&clock);
  ResendGate gate(loop);
  Sent sent;
  loop.run(cancelled(gate, sent));
}
