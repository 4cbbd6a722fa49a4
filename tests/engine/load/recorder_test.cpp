#include "engine/load/recorder.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/load/load_plan.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

constexpr async::TimePoint kBegin{1000s};

LoadPlan plan_of_one_target() {
  LoadPlan plan;
  plan.targets.emplace_back();
  return plan;
}

Exchange exchange_of(async::Duration sent, async::Duration ended, int status) {
  Exchange exchange;
  exchange.planned = exchange.sent = kBegin + sent;
  exchange.first_byte = exchange.ended = kBegin + ended;
  exchange.status = status;
  return exchange;
}

}  // namespace

TEST_CASE("Recorder: the last slice is told even if nothing but an answer of another status came in it") {
  const LoadPlan plan = plan_of_one_target();
  std::vector<Slice> slices;
  Recorder recorder(
      plan, 0, [&](Slice slice) { slices.push_back(std::move(slice)); }, SampleSink());
  recorder.start(kBegin, kBegin + 10s);
  const Exchange exchange = exchange_of(900ms, 1100ms, 503);
  recorder.sent(exchange);
  recorder.look(exchange.ended);
  recorder.answered(exchange);
  const LoadResult result = recorder.finish(kBegin + 1200ms);
  std::uint64_t told = 0;
  for (const Slice& slice : slices) told += slice.status_errors;
  CHECK(told == 1);
  CHECK(result.totals.status_errors == 1);
}

TEST_CASE("Recorder: only what was planned in the measured time counts as delayed by the cap") {
  const LoadPlan plan = plan_of_one_target();
  Recorder recorder(
      plan, 0, [](const Slice&) {}, SampleSink());
  recorder.start(kBegin, kBegin + 1s);
  recorder.waited_for_slot(kBegin - 1ms);
  recorder.waited_for_slot(kBegin);
  recorder.waited_for_slot(kBegin + 999ms);
  recorder.waited_for_slot(kBegin + 1s);
  CHECK(recorder.finish(kBegin + 2s).client.cap_waits == 2);
}
