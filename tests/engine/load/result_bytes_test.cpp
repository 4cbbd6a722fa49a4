#include "engine/load/result_bytes.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "engine/load/recorder.hpp"
#include "engine/load/series.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kThreads = 4;

Histogram times_of(std::mt19937_64& random, int count) {
  std::lognormal_distribution<double> time(15, 2);
  Histogram times;
  for (int i = 0; i < count; ++i) times.record(static_cast<std::uint64_t>(time(random)));
  times.record_censored(random() % 1'000'000'000);
  return times;
}

Slice second_of(std::mt19937_64& random, int second) {
  Slice slice;
  slice.start = std::chrono::seconds(second);
  slice.lasts = slice.inside = 1s;
  slice.sent = random() % 1000;
  slice.ok = random() % 1000;
  slice.bytes_in = random() % 100'000;
  slice.in_flight = random() % 10;
  slice.in_flight_nanoseconds = static_cast<double>(random() % 1'000'000'000);
  slice.cpu = 0.25;
  slice.response = times_of(random, 50);
  slice.schedule_lag = times_of(random, 20);
  return slice;
}

// What a thread of a run would have measured.
LoadResult thread_result(std::size_t thread) {
  std::mt19937_64 random(thread);
  LoadResult part;
  part.measured = 3s;
  part.latency.response = times_of(random, 500);
  part.latency.service = times_of(random, 500);
  part.latency.connect = times_of(random, 5);
  TargetResult& target = part.by_target.emplace_back();
  target.url = "http://h/";
  target.method = "GET";
  target.response = part.latency.response;
  target.tally.scheduled = target.tally.sent = 510;
  target.tally.ok = 500;
  target.tally.failed = 10;
  target.tally.bytes_in = random() % 1'000'000;
  target.by_status[200] = 400 + thread;
  target.by_status[503] = 7;
  target.by_error[Errc::reset] = {3, std::chrono::milliseconds(900 - 100 * static_cast<int>(thread)),
                                  "from " + std::to_string(thread)};
  part.totals = target.tally;
  part.totals.finished_in_time = 480;
  part.by_status = target.by_status;
  part.by_error = target.by_error;
  StageResult& stage = part.by_stage.emplace_back();
  stage.stage = {3s, 10, 20};
  stage.tally = target.tally;
  stage.response = times_of(random, 40);
  for (int i = 0; i < 500; ++i) part.answers.record(async::Duration(random() % 3'000'000'000));
  part.client.cpu = {0.5};
  part.client.waited = {0.25};
  part.client.loop_lag = times_of(random, 9);
  part.client.mean_in_flight = 2.25;
  part.client.mean_in_service = 2.5;
  part.client.cap_waits = thread;
  return part;
}

// Of a process that has these threads.
LoadResult process_result(std::size_t first, std::size_t count, bool is_part) {
  Series series(nullptr);
  series.set_threads(count);
  if (is_part) series.keep_seconds();
  LoadResult whole;
  for (std::size_t i = 0; i < count; ++i) {
    std::mt19937_64 random(100 + first + i);
    for (int second = 0; second < 3; ++second) series.add(i, second_of(random, second));
    merge_part(whole, thread_result(first + i));
  }
  series.finish();
  whole.series = series.take();
  whole.seconds = series.take_seconds();
  return whole;
}

void check_same(const Histogram& a, const Histogram& b) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> one;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> other;
  a.for_each([&](const Histogram::Bucket& bucket) { one.emplace_back(bucket.index, bucket.count); });
  b.for_each([&](const Histogram::Bucket& bucket) { other.emplace_back(bucket.index, bucket.count); });
  CHECK(one == other);
  CHECK(a.min() == b.min());
  CHECK(a.max() == b.max());
  CHECK(a.mean() == b.mean());
  CHECK(a.censored() == b.censored());
  CHECK(a.censored_max() == b.censored_max());
}

LoadPlan plan_of() {
  LoadPlan plan;
  plan.concurrency = 8;
  plan.threads = kThreads;
  plan.measured = 3s;
  return plan;
}

}  // namespace

TEST_CASE("result_bytes: parts of several processes are the same whole as the threads of one") {
  LoadResult alone = process_result(0, kThreads, false);
  settle_rate(alone, plan_of());
  std::vector<LoadResult> parts;
  for (std::size_t member = 0; member < 2; ++member) {
    const auto bytes = bytes_of(process_result(member * 2, 2, true));
    auto part = result_of(bytes);
    REQUIRE(part.ok());
    CHECK(bytes_of(*part) == bytes);
    parts.push_back(std::move(*part));
  }
  LoadResult team = merge_members(std::move(parts), plan_of());
  // All that is counted, with every bucket of every histogram.
  CHECK(bytes_of(team) == bytes_of(alone));
  check_same(team.latency.response, alone.latency.response);
  REQUIRE(team.series.size() == alone.series.size());
  for (std::size_t i = 0; i < team.series.size(); ++i) {
    CHECK(team.series[i].ok == alone.series[i].ok);
    CHECK(team.series[i].p50.value == alone.series[i].p50.value);
    CHECK(team.series[i].p99.value == alone.series[i].p99.value);
    CHECK(team.series[i].schedule_lag_p99.value == alone.series[i].schedule_lag_p99.value);
    CHECK(team.series[i].in_flight == alone.series[i].in_flight);
    CHECK(team.series[i].cpu == alone.series[i].cpu);
  }
  CHECK(team.rate() == alone.rate());
  REQUIRE(team.blocks.size() == alone.blocks.size());
  for (std::size_t i = 0; i < team.blocks.size(); ++i)
    CHECK(team.blocks[i].answers == alone.blocks[i].answers);
  CHECK(team.by_error.at(Errc::reset).example == "from 3");
}

TEST_CASE(
    "result_bytes: addresses, resumed sessions and what was found in a sample go to the others, and are "
    "added up") {
  std::vector<LoadResult> parts;
  for (const std::uint64_t member : {1U, 2U}) {
    LoadResult result = process_result(0, 1, true);
    AddressResult& address = result.by_address.emplace_back();
    address.address = "127.0.0.1:80";
    address.tally.ok = member;
    address.response.record(1000 * member);
    result.latency.tls_resumed.record(1000);
    result.findings = {10, member, "of member " + std::to_string(member)};
    auto part = result_of(bytes_of(result));
    REQUIRE(part.ok());
    parts.push_back(std::move(*part));
  }
  const LoadResult team = merge_members(std::move(parts), plan_of());
  REQUIRE(team.by_address.size() == 1);
  CHECK(team.by_address[0].address == "127.0.0.1:80");
  CHECK(team.by_address[0].tally.ok == 3);
  CHECK(team.by_address[0].response.count() == 2);
  CHECK(team.latency.tls_resumed.count() == 2);
  CHECK(team.findings.looked_at == 20);
  CHECK(team.findings.unfit == 3);
  CHECK(team.findings.example == "of member 1");
}

TEST_CASE("result_bytes: bytes that are cut, or somebody else's, are refused") {
  const std::string bytes = bytes_of(process_result(0, 2, true));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 3) {
    CAPTURE(size);
    CHECK_FALSE(result_of(bytes.substr(0, size)).ok());
  }
  CHECK_FALSE(result_of(bytes + "x").ok());
  CHECK_FALSE(result_of("leat.result/1\n\xff\xff\xff\xff\xff\xff\xff\xff\x7f").ok());
  CHECK(result_of("{}").error().code == Errc::bad_response);
}
