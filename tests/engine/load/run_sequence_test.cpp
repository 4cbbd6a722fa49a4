#include "engine/load/run_sequence.hpp"

#include <doctest/doctest.h>

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

LoadResult run_of(async::Duration measured, std::uint64_t ok, double cpu) {
  LoadResult result;
  result.measured = measured;
  result.paused = 2s;
  result.totals.ok = result.totals.finished_in_time = ok;
  for (std::uint64_t i = 0; i < ok; ++i) result.latency.response.record(1000 * ok);
  result.by_status[200] = ok;
  result.by_error[Errc::timeout] = {1, 500ms, "late"};
  SeriesPoint in_time;
  in_time.lasts = 1s;
  in_time.ok = ok;
  SeriesPoint after;
  after.start = measured;
  after.lasts = 1s;
  result.series = {in_time, after};
  result.client.cpu = {cpu};
  result.client.mean_in_flight = 10 * cpu;
  result.client.mean_in_service = 20 * cpu;
  TargetResult target;
  target.url = "http://h/";
  target.tally = result.totals;
  result.by_target = {target};
  return result;
}

}  // namespace

TEST_CASE("Run sequence: the times of the next run follow those of the run before it") {
  LoadResult whole;
  append(whole, run_of(1s, 100, 0.2));
  append(whole, run_of(3s, 300, 0.6));
  CHECK(whole.measured == 4s);
  CHECK(whole.paused == 4s);
  CHECK(whole.rate() == doctest::Approx(100));
  CHECK(whole.latency.response.count() == 400);
  CHECK(whole.by_status[200] == 400);
  REQUIRE(whole.by_error.contains(Errc::timeout));
  CHECK(whole.by_error[Errc::timeout].count == 2);
  CHECK(whole.by_error[Errc::timeout].first == 500ms);
  REQUIRE(whole.series.size() == 2);
  CHECK(whole.series[1].start == 1s);
  CHECK(whole.client.cpu[0] == doctest::Approx(0.5));
  CHECK(whole.client.mean_in_flight == doctest::Approx(5));
  CHECK(whole.client.mean_in_service == doctest::Approx(10));
  REQUIRE(whole.by_target.size() == 1);
  CHECK(whole.by_target[0].url == "http://h/");
  CHECK(whole.by_target[0].tally.ok == 400);
}
