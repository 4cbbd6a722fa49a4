#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/load/load_run.hpp"

namespace leat::load_test {

/// A plan with one target, small enough for a test, that ends after that many requests.
inline load::LoadPlan plan_of(const std::string& url, std::uint64_t requests, std::size_t concurrency = 4) {
  load::LoadPlan plan;
  load::Target target;
  target.url = url;
  plan.targets.push_back(target);
  plan.concurrency = concurrency;
  plan.requests = requests;
  plan.timeout = std::chrono::seconds(10);
  plan.user_agent = "leat/test";
  return plan;
}

/// Runs the plan; its sums are checked, whatever the test is about.
inline load::LoadResult run_plan(load::LoadPlan plan, load::LoadObserver* observer = nullptr,
                                 load::SampleSink samples = {}) {
  async::EventLoop loop;
  load::LoadRun run(loop, std::move(plan), observer, std::move(samples));
  auto result = loop.run(run.execute());
  REQUIRE(result.ok());
  const load::LoadResult& all = result.value();
  const load::Tally& totals = all.totals;
  CHECK(totals.scheduled == totals.sent + totals.dropped);
  CHECK(totals.sent ==
        totals.ok + totals.status_errors + totals.failed + totals.timed_out + totals.in_flight_at_end);
  CHECK(totals.unanswered <= totals.in_flight_at_end);
  CHECK(all.latency.unexpected.count() == totals.status_errors);
  CHECK(all.latency.service.total() == totals.sent - totals.status_errors);
  CHECK(all.latency.response.total() == totals.scheduled - totals.status_errors);
  CHECK(all.latency.response.count() == totals.ok);
  std::uint64_t answered = 0;
  for (const auto& [status, count] : all.by_status) answered += count;
  CHECK(answered == totals.ok + totals.status_errors);
  std::uint64_t failed = 0;
  for (const auto& [code, error] : all.by_error) failed += error.count;
  CHECK(failed == totals.failed + totals.timed_out);
  return std::move(result.value());
}

}  // namespace leat::load_test
