#include "engine/load/series.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/load/load_plan.hpp"
#include "engine/load/recorder.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

/// Threads that record into one series by the test's own clock.
class Threads {
 public:
  explicit Threads(std::size_t threads, async::Duration measured, async::Duration warmup = 0s) {
    plan_.targets.emplace_back();
    plan_.warmup = warmup;
    series_.set_threads(threads);
    for (std::size_t i = 0; i < threads; ++i) {
      recorders_.emplace_back(
          plan_, i, [this, i](Slice slice) { series_.add(i, std::move(slice)); }, SampleSink());
      recorders_.back().start(kBegin, kBegin + measured);
    }
  }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;

  void request(std::size_t thread, async::Duration sent, async::Duration ended) {
    Exchange exchange;
    exchange.planned = exchange.sent = kBegin + sent;
    exchange.ended = kBegin + ended;
    exchange.status = 200;
    begin(thread, exchange);
    end(thread, exchange);
  }
  void begin(std::size_t thread, const Exchange& exchange) {
    recorders_[thread].look(exchange.sent);
    recorders_[thread].sent(exchange);
  }
  void end(std::size_t thread, const Exchange& exchange) {
    recorders_[thread].look(exchange.ended);
    recorders_[thread].answered(exchange);
  }
  void finish(std::size_t thread, async::Duration at) {
    [[maybe_unused]] const auto result = recorders_[thread].finish(kBegin + at);
  }
  std::vector<SeriesPoint> points() {
    series_.finish();
    return series_.take();
  }

  static constexpr async::TimePoint kBegin{1000s};

 private:
  LoadPlan plan_;
  Series series_{nullptr};
  std::vector<Recorder> recorders_;
};

}  // namespace

TEST_CASE("Series: in flight is the mean over each second, whatever was in flight at its end") {
  Threads threads(1, 3s);
  threads.request(0, 0ms, 500ms);
  threads.request(0, 750ms, 2250ms);
  threads.finish(0, 3s);
  const auto points = threads.points();
  REQUIRE(points.size() == 3);
  CHECK(points[0].in_flight == doctest::Approx(0.75));
  CHECK(points[1].in_flight == doctest::Approx(1));
  CHECK(points[2].in_flight == doctest::Approx(0.25));
}

TEST_CASE("Series: the last second ends with the measured time, so what drains is not part of its rate") {
  Threads threads(1, 1500ms);
  threads.request(0, 100ms, 200ms);
  threads.request(0, 1200ms, 1300ms);
  threads.request(0, 1400ms, 1600ms);
  threads.request(0, 1450ms, 3200ms);
  threads.finish(0, 3200ms);
  const auto points = threads.points();
  REQUIRE(points.size() == 4);
  CHECK(points[1].start == 1s);
  CHECK(points[1].lasts == 500ms);
  CHECK(points[1].ok == 1);
  CHECK(points[2].start == 1500ms);
  CHECK(points[2].lasts == 1s);
  CHECK(points[2].ok == 1);
  CHECK(points[3].start == 2500ms);
  CHECK(points[3].ok == 1);
}

TEST_CASE("Series: a run shorter than a second shows what was in flight before it drained") {
  Threads threads(2, 200ms);
  for (const std::size_t thread : {std::size_t{0}, std::size_t{1}}) {
    Exchange exchange;
    exchange.planned = exchange.sent = Threads::kBegin;
    exchange.ended = Threads::kBegin + 900ms;  // in the drain
    exchange.status = 200;
    for (int i = 0; i < 3; ++i) threads.begin(thread, exchange);
    for (int i = 0; i < 3; ++i) threads.end(thread, exchange);
    threads.finish(thread, 900ms);
  }
  const auto points = threads.points();
  REQUIRE(points.size() == 2);
  CHECK(points[0].lasts == 200ms);
  CHECK(points[0].ok == 0);
  CHECK(points[0].in_flight == doctest::Approx(6));
  CHECK(points[1].ok == 6);
}

TEST_CASE("Series: a request across the end of the warm-up is in flight only for its measured part") {
  Threads threads(1, 1s, 500ms);
  threads.request(0, -400ms, 250ms);
  threads.finish(0, 1s);
  const auto points = threads.points();
  REQUIRE(points.size() == 1);
  CHECK(points[0].in_flight == doctest::Approx(0.25));
}

TEST_CASE("Series: a thread that ends earlier leaves the other threads' requests in flight") {
  Threads threads(2, async::Duration::max() - 2000s);
  threads.request(0, 0ms, 250ms);
  threads.finish(0, 250ms);
  threads.request(1, 0ms, 750ms);
  threads.finish(1, 750ms);
  const auto points = threads.points();
  REQUIRE(points.size() == 1);
  CHECK(points[0].in_flight == doctest::Approx(1.0 / 0.75));
}
