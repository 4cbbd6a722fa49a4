#include "cli/bench/abort_watch.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace leat::cli;
using namespace std::chrono_literals;
using leat::load::Slice;

namespace {

Check bound_of(std::string_view text) { return parse_check("--abort-on", text).value(); }

Slice slice_of(std::chrono::milliseconds start, std::uint64_t ok, std::uint64_t failed) {
  Slice slice;
  slice.start = start;
  slice.lasts = 250ms;
  slice.sent = ok + failed;
  slice.ok = ok;
  slice.failed = failed;
  for (std::uint64_t i = 0; i < ok; ++i) slice.response.record(2'000'000);
  for (std::uint64_t i = 0; i < failed; ++i) slice.response.record_censored(1'000'000);
  return slice;
}

class Counter final : public leat::load::LoadObserver {
 public:
  void on_slice(const Slice&) override { ++slices; }
  int slices = 0;
};

}  // namespace

TEST_CASE("AbortWatch: a bound ends the run once it surely holds, and only once") {
  int aborts = 0;
  Counter next;
  AbortWatch watch({bound_of("error_rate>5%")}, &next, [&] { ++aborts; });
  watch.on_slice(slice_of(-250ms, 0, 100));  // the warm-up
  watch.on_slice(slice_of(0ms, 10, 1));      // nothing is sure yet
  CHECK(aborts == 0);
  CHECK(watch.reason().empty());
  watch.on_slice(slice_of(250ms, 50, 50));
  CHECK(aborts == 1);
  CHECK(watch.reason().starts_with("error_rate>5%: error_rate was 45.9 % ("));
  watch.on_slice(slice_of(500ms, 50, 50));
  CHECK(aborts == 1);
  CHECK(next.slices == 4);
}

TEST_CASE("AbortWatch: a rate is that of the whole run, however long it is") {
  int aborts = 0;
  AbortWatch watch({bound_of("rate<100/s")}, nullptr, [&] { ++aborts; });
  int slice = 0;
  for (; slice < 3000; ++slice) watch.on_slice(slice_of(slice * 250ms, 50, 0));
  for (; slice < 5999; ++slice) watch.on_slice(slice_of(slice * 250ms, 0, 0));
  CHECK(aborts == 0);  // 100.02/s
  for (; slice < 20'000; ++slice) watch.on_slice(slice_of(slice * 250ms, 0, 0));
  CHECK(aborts == 1);
  CHECK(watch.reason().starts_with("rate<100/s: rate was "));
}

TEST_CASE("AbortWatch: percentiles are those of everything so far, and a calm run goes on") {
  int aborts = 0;
  AbortWatch watch({bound_of("p50>1s"), bound_of("p90>1ms")}, nullptr, [&] { ++aborts; });
  watch.on_slice(slice_of(0ms, 5, 0));
  CHECK(aborts == 0);  // too few samples for p90
  watch.on_slice(slice_of(250ms, 100, 0));
  CHECK(aborts == 1);
  CHECK(watch.reason().starts_with("p90>1ms: p90 was 2.00 ms"));
}
