#include "engine/load/recorder.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <map>
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

TEST_CASE(
    "Recorder: an only address has the times of its own requests, without those that were never sent or had "
    "no "
    "connection") {
  for (const bool has_second_address : {false, true}) {
    CAPTURE(has_second_address);
    LoadPlan plan = plan_of_one_target();
    plan.mode = LoadPlan::Mode::open;
    Recorder recorder(
        plan, 0, [](const Slice&) {}, SampleSink());
    recorder.start(kBegin, kBegin + 10s);
    const std::uint32_t address = recorder.number_of("127.0.0.1:80");

    Exchange answered = exchange_of(0ms, 5ms, 200);
    answered.address = address;
    recorder.sent(answered);
    recorder.answered(answered);
    Exchange reset = exchange_of(100ms, 300ms, 0);
    reset.address = address;
    recorder.sent(reset);
    recorder.failed(reset, Error(Errc::reset, "the connection was reset"));
    const Exchange refused = exchange_of(200ms, 1200ms, 0);
    recorder.sent(refused);
    recorder.failed(refused, Error(Errc::connect_failed, "refused"));
    recorder.dropped(0, kBegin + 1s);
    if (has_second_address) CHECK(recorder.number_of("127.0.0.2:80") == 2);

    const LoadResult result = recorder.finish(kBegin + 11s);
    REQUIRE(result.by_address.size() == (has_second_address ? 2 : 1));
    const AddressResult& first = result.by_address[0];
    CHECK(first.tally.sent == 2);
    CHECK(first.tally.ok == 1);
    CHECK(first.tally.failed == 1);
    CHECK(first.response.count() == 1);
    CHECK(first.response.max() == 5'000'000);
    CHECK(first.response.censored() == 1);
    CHECK(first.response.censored_max() == 200'000'000);
    CHECK(result.latency.response.censored() == 3);
  }
}

TEST_CASE("Recorder: a slice says which statuses and failures came in it") {
  const LoadPlan plan = plan_of_one_target();
  Slice all;
  Recorder recorder(
      plan, 0, [&](const Slice& slice) { all.merge(slice); }, SampleSink());
  recorder.start(kBegin, kBegin + 10s);
  for (const int status : {200, 503, 503, 404}) {
    const Exchange exchange = exchange_of(1ms, 2ms, status);
    recorder.sent(exchange);
    recorder.answered(exchange);
  }
  const Exchange reset = exchange_of(3ms, 1500ms, 0);
  recorder.sent(reset);
  recorder.look(reset.ended);
  recorder.failed(reset, Error(Errc::reset, "the connection was reset"));
  static_cast<void>(recorder.finish(kBegin + 2s));
  CHECK(all.by_status == std::map<int, std::uint64_t>{{404, 1}, {503, 2}});
  CHECK(all.by_error == std::map<Errc, std::uint64_t>{{Errc::reset, 1}});
}
