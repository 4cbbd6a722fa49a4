#include "engine/load/verdict.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::load;
using namespace std::chrono_literals;
using Kind = Verdict::Kind;

namespace {

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// For 10 s, 1,000 requests a second take 4 ms each, so 4 are in flight by Little's law.
struct Calm {
  LoadPlan plan;
  LoadResult result;

  Calm() {
    result.measured = 10s;
    result.totals.finished_in_time = result.totals.ok = result.totals.sent = 10'000;
    for (int i = 0; i < 10'000; ++i) {
      result.latency.service.record(4'000'000);
      result.client.loop_lag.record(50'000);
      result.client.schedule_lag.record(20'000);
    }
    result.client.cpu = {0.3, 0.2};
    result.client.mean_in_flight = result.client.mean_in_service = 4;
  }
  void lag(Histogram& lags, std::uint64_t ns) {
    for (int i = 0; i < 1000; ++i) lags.record(ns);
  }
  [[nodiscard]] Verdict judge() const { return leat::load::judge(plan, result); }
};

}  // namespace

TEST_CASE("Verdict: a client with time to spare is ok, and Little's law holds") {
  const auto verdict = Calm().judge();
  CHECK(verdict.kind == Kind::ok);
  CHECK(verdict.reason.empty());
  REQUIRE(verdict.little);
  CHECK(*verdict.little == doctest::Approx(1).epsilon(0.01));
}

TEST_CASE("Verdict: a thread that is always busy is the limit, and is named") {
  Calm calm;
  calm.result.client.cpu[1] = 0.985;
  CHECK(calm.judge().kind == Kind::saturated);
  CHECK(contains(calm.judge().reason, "thread 2 of 2 used 98 % of a core"));
  calm.result.client.cpu[1] = 0.9;
  CHECK(calm.judge().kind == Kind::suspect);
}

TEST_CASE(
    "Verdict: a client that shares its core with others is suspect, and the limit if it is never idle") {
  Calm calm;
  calm.result.client.waited = {0.02, 0.3};
  CHECK(calm.judge().kind == Kind::suspect);
  CHECK(contains(calm.judge().reason, "thread 2 of 2 was ready to run for 30 %"));
  calm.result.client.cpu[1] = 0.5;
  calm.result.client.waited[1] = 0.48;
  CHECK(calm.judge().kind == Kind::saturated);
  calm.result.client.cpu[1] = 0.3;
  calm.result.client.waited[1] = 0.4;
  calm.result.totals.scheduled = 20'000;
  calm.result.totals.dropped = 10'000;
  CHECK(calm.judge().kind == Kind::suspect);
  calm.plan.mode = LoadPlan::Mode::open;
  CHECK(calm.judge().kind == Kind::saturated);
  CHECK(contains(calm.judge().reason, "some planned requests were never sent"));
  calm.result.client.waited = {0.05, 0.05};
  CHECK(calm.judge().kind == Kind::ok);
}

TEST_CASE("Verdict: requests that leave late count against the client in an open loop only") {
  Calm calm;
  calm.lag(calm.result.client.schedule_lag, 9'000'000);
  CHECK(calm.judge().kind == Kind::ok);
  calm.plan.mode = LoadPlan::Mode::open;
  CHECK(calm.judge().kind == Kind::saturated);
  CHECK(calm.judge().reason ==
        "requests left 9.0 ms after they could have been sent, beside a service time of 4.0 ms (99th "
        "percentiles)");
}

TEST_CASE(
    "Verdict: a lag in the tail is compared with the server's tail, and one in the middle with its middle") {
  // A stop of a second, after which all answers come at once.
  Calm stopped;
  stopped.plan.mode = LoadPlan::Mode::open;
  for (std::uint64_t i = 0; i < 4000; ++i) stopped.result.latency.service.record(i * 250'000);
  stopped.lag(stopped.result.client.schedule_lag, 30'000'000);
  stopped.lag(stopped.result.client.loop_lag, 30'000'000);
  CHECK(stopped.judge().kind == Kind::ok);
  // A few slow answers don't hide that many requests were sent late.
  Calm late;
  late.plan.mode = LoadPlan::Mode::open;
  for (int i = 0; i < 1000; ++i) late.result.latency.service.record(1'000'000'000);
  CHECK(late.judge().kind == Kind::ok);
  for (int i = 0; i < 20'000; ++i) late.result.client.schedule_lag.record(3'000'000);
  CHECK(late.judge().kind == Kind::suspect);
  CHECK(late.judge().reason ==
        "requests left 3.0 ms after they could have been sent, beside a service time of 4.0 ms (medians)");
}

TEST_CASE("Verdict: a lag is compared with what is measured") {
  Calm calm;
  calm.lag(calm.result.client.loop_lag, 2'000'000);
  CHECK(calm.judge().kind == Kind::suspect);
  CHECK(contains(calm.judge().reason, "loop took 2.0 ms"));
  calm.result.latency.service.clear();
  for (int i = 0; i < 10'000; ++i) calm.result.latency.service.record(40'000'000);
  CHECK(calm.judge().kind == Kind::ok);
}

TEST_CASE("Verdict: times that don't add up to what was in flight are suspect") {
  Calm calm;
  calm.result.client.mean_in_flight = 64;
  const auto verdict = calm.judge();
  CHECK(verdict.kind == Kind::suspect);
  CHECK(contains(verdict.reason, "Little's law"));
  CHECK(*verdict.little == doctest::Approx(16).epsilon(0.01));
}

TEST_CASE("Verdict: a run that had nothing to send is not judged") {
  LoadResult nothing;
  nothing.client.cpu = {1};
  nothing.client.waited = {0.5};
  CHECK(judge(LoadPlan(), nothing).kind == Kind::ok);
  CHECK_FALSE(judge(LoadPlan(), nothing).little);
  nothing.totals.scheduled = nothing.totals.dropped = 5;
  CHECK(judge(LoadPlan(), nothing).kind == Kind::saturated);
}

TEST_CASE("Verdict: the worst finding is the reason") {
  Calm calm;
  calm.result.client.mean_in_flight = 64;
  calm.result.client.cpu = {0.99};
  CHECK(calm.judge().kind == Kind::saturated);
  CHECK(contains(calm.judge().reason, "more --threads may help"));
}
