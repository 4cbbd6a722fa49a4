// Checks whether the reported times are true: an open loop meets a server that keeps times of its own, by the
// clock that both share. What a busy machine adds is in both, so the bounds hold on any machine.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/load/driver.hpp"
#include "tests/engine/load/load_fixture.hpp"
#include "tests/support/loopback_pair.hpp"
#include "tests/support/origin_process.hpp"

using namespace leat::load;
using namespace leat::load_test;
using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

constexpr double kRate = 200;
constexpr double kPrecision = 0.001;  // the relative precision of the histogram

/// What the server noted about one request, in nanoseconds of a clock that began at any time.
struct Noted {
  std::int64_t seq = 0;
  std::int64_t received = 0;
  std::int64_t answered = 0;
};

struct Told {
  LoadResult result;
  std::vector<Sample> samples;  // in the order in which they were planned
  std::vector<Noted> noted;     // in the order of their numbers, which is the same
};

/// Plans two seconds of that path, in which {} is the request's number.
Told told_of(const std::string& path, std::size_t slots) {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/timed"), 0, slots);
  plan.mode = LoadPlan::Mode::open;
  plan.rate = kRate;
  plan.measured = 2s;
  plan.drain = 20s;  // until all are answered, also on a busy machine
  const auto braces = path.find("{}");
  TextPiece seq;
  seq.kind = TextPiece::Kind::seq;
  plan.targets[0].path = {TextPiece{TextPiece::Kind::text, "/timed/" + path.substr(0, braces), 0, false}, seq,
                          TextPiece{TextPiece::Kind::text, path.substr(braces + 2), 0, false}};
  Told told;
  told.result = run_plan(plan, nullptr, [&](std::span<const Sample> some) {
    told.samples.insert(told.samples.end(), some.begin(), some.end());
  });
  REQUIRE(told.result.totals.ok == 400);
  REQUIRE(told.samples.size() == 400);
  std::sort(told.samples.begin(), told.samples.end(),
            [](const Sample& a, const Sample& b) { return a.planned < b.planned; });
  std::istringstream lines(server.get("/timings"));
  for (Noted one; lines >> one.seq >> one.received >> one.answered;) told.noted.push_back(one);
  REQUIRE(told.noted.size() == 400);
  std::sort(told.noted.begin(), told.noted.end(),
            [](const Noted& a, const Noted& b) { return a.seq < b.seq; });
  return told;
}

// There is a moment at which the measured time can have begun, such that every request was sent before the
// server had it, and its answer came after the server had sent it.
void check_against_the_servers_clock(const Told& told) {
  auto earliest = std::numeric_limits<std::int64_t>::min();
  auto latest = std::numeric_limits<std::int64_t>::max();
  for (std::size_t i = 0; i < told.samples.size(); ++i) {
    earliest = std::max<std::int64_t>(earliest, told.noted[i].answered - told.samples[i].ended.count());
    latest = std::min<std::int64_t>(latest, told.noted[i].received - told.samples[i].sent.count());
  }
  CHECK(earliest <= latest);
}

void check_percentiles(const Histogram& told, std::vector<std::int64_t> exact) {
  std::sort(exact.begin(), exact.end());
  for (const double percent : {50.0, 90.0, 99.0, 100.0}) {
    CAPTURE(percent);
    const auto rank = static_cast<std::size_t>(std::ceil(percent / 100 * static_cast<double>(exact.size())));
    CHECK(static_cast<double>(told.percentile(percent).value) ==
          doctest::Approx(static_cast<double>(exact[rank - 1])).epsilon(kPrecision));
  }
}

void check_truth(const Told& told) {
  check_against_the_servers_clock(told);
  std::vector<std::int64_t> responses;
  std::vector<std::int64_t> services;
  for (std::size_t i = 0; i < told.samples.size(); ++i) {
    const Sample& sample = told.samples[i];
    const double planned = std::chrono::duration<double>(sample.planned).count();
    REQUIRE(planned == doctest::Approx(static_cast<double>(i) / kRate).epsilon(1e-6));
    REQUIRE(sample.planned <= sample.sent);
    responses.push_back((sample.ended - sample.planned).count());
    services.push_back((sample.ended - sample.sent).count());
  }
  check_percentiles(told.result.latency.response, responses);
  check_percentiles(told.result.latency.service, services);
}

/// Sends one request to a server that answers after 20 ms, by a thread that is blocked from the moment when
/// the request is under way until 100 ms after the answer was sent.
struct HeldUp {
  leat::async::Duration service;
  leat::async::Duration until_known;  // the times until the answer was sent: since the request was sent, and
                                      // since some time before that
  leat::async::Duration until_read;
};

leat::async::Task<HeldUp> held_up(leat::async::EventLoop* loop, LoadPlan::Mode mode) {
  const OriginProcess server;
  LoadPlan plan = plan_of(server.url("/timed/constant/20000/0"), 1, 1);
  plan.mode = mode;
  plan.rate = 1;
  std::vector<Sample> samples;
  DriverPart part;
  part.requests = 1;
  part.ends_by_count = true;
  part.slices = [](const Slice&) {};
  part.samples = [&samples](std::span<const Sample> some) { samples.assign(some.begin(), some.end()); };
  const auto driver = make_fast_driver(*loop, plan, std::move(part));
  auto preparing = driver->prepare();
  co_await std::move(preparing);
  const auto start = loop->now();
  auto running = leat::async::spawn(driver->run(start), "run");
  co_await leat::async::sleep_for(1ms);  // the request is sent at once
  while (server.get("/timings").empty()) {
  }
  const auto known = loop->now();
  std::this_thread::sleep_for(100ms);
  const auto read = loop->now();
  co_await running;
  REQUIRE(samples.size() == 1);
  REQUIRE(samples[0].status == 200);
  co_return HeldUp{samples[0].ended - samples[0].sent, known - start, read - start};
}

double response_ms(const Told& told, double percent) {
  return static_cast<double>(told.result.latency.response.percentile(percent).value) / 1e6;
}

}  // namespace

TEST_CASE("Truth: with known delays, every request's time is what the server's clock allows") {
  const Told constant = told_of("constant/2000/{}", 64);
  check_truth(constant);
  CHECK(response_ms(constant, 50) >= 2);
  const Told bimodal = told_of("bimodal/1000/20000/{}", 64);  // one in five takes 20 ms
  check_truth(bimodal);
  CHECK(response_ms(bimodal, 50) >= 1);
  CHECK(response_ms(bimodal, 90) >= 20 * (1 - kPrecision));
  const Told lognormal = told_of("lognormal/3000/80/{}", 64);
  check_truth(lognormal);
  CHECK(response_ms(lognormal, 99) >= 10);
}

TEST_CASE(
    "Truth: a pause of a second shows in the response times of all requests that were planned in it, "
    "whatever the cap") {
  // The server stops at the request that is planned for 0.5 s. Each request planned for t, up to 1.5 s, waits
  // for at least 1.5 s - t: of all requests, one in ten for 0.8 s and one in four for 0.5 s.
  for (const std::size_t slots : {64U, 400U, 4U}) {
    CAPTURE(slots);
    const Told told = told_of("constant/2000/{}?stop-at=100&stop-ms=1000", slots);
    check_truth(told);
    CHECK(response_ms(told, 75) >= 490);
    CHECK(response_ms(told, 90) >= 790);
    CHECK(response_ms(told, 99) >= 970);
    CHECK(response_ms(told, 99) < 3000);
    // If the cap holds requests back, the service time alone would not show it.
    if (slots == 4) {
      CHECK(static_cast<double>(told.result.latency.service.percentile(90).value) / 1e6 <
            response_ms(told, 90));
      CHECK(told.result.client.cap_waits > 100);
    }
  }
}

TEST_CASE(
    "Truth: an answer counts as there when the kernel has it, however late the thread of an open loop reads "
    "it") {
  const KernelStamps stamps;
  leat::async::EventLoop loop;
  const HeldUp open = loop.run(held_up(&loop, LoadPlan::Mode::open));
  CHECK(open.service >= 20ms);
  CHECK(open.service <= open.until_known);
}

TEST_CASE(
    "Truth: in a closed loop an answer counts as there when it was read, since the next request waits for "
    "that") {
  leat::async::EventLoop loop;
  const HeldUp closed = loop.run(held_up(&loop, LoadPlan::Mode::closed));
  CHECK(closed.service >= closed.until_read - 2ms);  // it was sent a little after the start
}

TEST_CASE("Truth: Little's law holds, whatever lies across the ends of the measured time") {
  // The stop begins 0.5 s before the end, and half of its requests are answered after it.
  const Told told = told_of("constant/2000/{}?stop-at=300&stop-ms=1000", 400);
  CHECK(told.result.client.mean_in_flight > 10);  // 100 requests for 0.25 s of 2: 12.5
  CHECK(told.result.client.mean_in_service ==
        doctest::Approx(told.result.client.mean_in_flight).epsilon(0.001));
}
