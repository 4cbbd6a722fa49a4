#include "engine/load/arrival_schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <vector>

using namespace leat::load;
using namespace std::chrono_literals;
using leat::async::Duration;

namespace {

LoadPlan open_plan(double rate, Duration measured) {
  LoadPlan plan;
  plan.mode = LoadPlan::Mode::open;
  plan.rate = rate;
  plan.measured = measured;
  return plan;
}

std::vector<Duration> times(const LoadPlan& plan, std::size_t part = 0, std::size_t parts = 1,
                            std::size_t most = 10'000'000) {
  std::vector<Duration> all;
  for (ArrivalSchedule schedule(plan, part, parts); all.size() < most && schedule.next() != Duration::max();
       schedule.advance()) {
    all.push_back(schedule.next());
  }
  return all;
}

std::size_t between(const std::vector<Duration>& all, Duration from, Duration to) {
  return static_cast<std::size_t>(
      std::count_if(all.begin(), all.end(), [&](Duration time) { return time >= from && time < to; }));
}

}  // namespace

TEST_CASE("ArrivalSchedule: a constant rate is exact to the nanosecond, and does not drift") {
  for (const double rate : {100.0, 333.0, 1000.0, 20'000.0, 0.5}) {
    CAPTURE(rate);
    const auto all = times(open_plan(rate, 100s));
    CHECK(all.size() == static_cast<std::size_t>(rate * 100));
    for (std::size_t i = 0; i < all.size(); i += 7) {
      REQUIRE(std::abs(static_cast<double>(all[i].count()) - static_cast<double>(i) * 1e9 / rate) <= 1);
    }
  }
}

TEST_CASE("ArrivalSchedule: threads share the times of one schedule") {
  LoadPlan plan = open_plan(1000, 2s);
  plan.stages = {{1s, 200, 200}, {1s, 200, 900}};
  const auto whole = times(plan);
  std::vector<Duration> joined;
  for (std::size_t part = 0; part < 3; ++part) {
    const auto some = times(plan, part, 3);
    joined.insert(joined.end(), some.begin(), some.end());
  }
  std::sort(joined.begin(), joined.end());
  CHECK(joined == whole);
}

TEST_CASE("ArrivalSchedule: steps and ramps have as many requests as their rates add up to") {
  LoadPlan plan = open_plan(0, 0s);
  plan.stages = {{2s, 100, 100}, {3s, 1000, 1000}, {4s, 1000, 200}, {1s, 50, 50}};
  const auto all = times(plan);
  CHECK(between(all, 0s, 2s) == 200);
  CHECK(between(all, 2s, 5s) == 3000);
  CHECK(between(all, 5s, 9s) == 2400);
  CHECK(between(all, 5s, 7s) == 1600);  // from 1000 to 600
  CHECK(between(all, 9s, 10s) == 50);
  CHECK(all.size() == 5650);
  CHECK(std::is_sorted(all.begin(), all.end()));
}

TEST_CASE("ArrivalSchedule: a ramp may begin or end at a rate of zero") {
  LoadPlan plan = open_plan(0, 0s);
  plan.stages = {{2s, 0, 100}, {2s, 100, 0}};
  const auto all = times(plan);
  CHECK(all.size() == 200);
  CHECK(between(all, 0s, 1s) == 25);
  CHECK(between(all, 3s, 4s) == 25);
}

TEST_CASE("ArrivalSchedule: the warm-up comes first, at the first rate") {
  LoadPlan plan = open_plan(100, 3s);
  plan.warmup = 2s;
  CHECK(times(plan).size() == 500);
  plan.stages = {{1s, 10, 10}, {1s, 1000, 1000}};
  CHECK(between(times(plan), 0s, 2s) == 20);
  CHECK(between(times(plan), 3s, 4s) == 1000);
}

TEST_CASE("ArrivalSchedule: a schedule without a measured time has no end") {
  CHECK(times(open_plan(1e6, 0s), 0, 1, 100'000).size() == 100'000);
}

TEST_CASE("ArrivalSchedule: Poisson arrivals have the right rate and exponential gaps") {
  LoadPlan plan = open_plan(10'000, 20s);
  plan.arrival = Arrival::poisson;
  plan.seed = 5;
  std::vector<Duration> all;
  for (std::size_t part = 0; part < 4; ++part) {
    const auto some = times(plan, part, 4);
    all.insert(all.end(), some.begin(), some.end());
  }
  std::sort(all.begin(), all.end());
  const double count = static_cast<double>(all.size());
  CHECK(std::abs(count - 200'000) < 5 * std::sqrt(200'000));
  double sum = 0;
  double squares = 0;
  std::size_t longer = 0;
  for (std::size_t i = 1; i < all.size(); ++i) {
    const double gap = std::chrono::duration<double>(all[i] - all[i - 1]).count() * 10'000;
    sum += gap;
    squares += gap * gap;
    if (gap > 1) ++longer;
  }
  const double mean = sum / (count - 1);
  CHECK(mean == doctest::Approx(1).epsilon(0.02));
  CHECK(squares / (count - 1) - mean * mean == doctest::Approx(1).epsilon(0.03));
  CHECK(static_cast<double>(longer) / count == doctest::Approx(std::exp(-1.0)).epsilon(0.02));
}

TEST_CASE("ArrivalSchedule: the same seed gives the same times, and another seed gives others") {
  LoadPlan plan = open_plan(1000, 1s);
  plan.arrival = Arrival::poisson;
  const auto first = times(plan);
  CHECK(times(plan) == first);
  plan.seed = 1;
  CHECK(times(plan) != first);
}

TEST_CASE("ArrivalSchedule: the requests of a burst have one time, whatever thread has them") {
  LoadPlan plan;
  plan.mode = LoadPlan::Mode::open;
  plan.burst = 5;
  plan.every = 200ms;
  plan.rate = 25;
  plan.measured = 1s;
  std::map<Duration, int> planned;
  for (std::size_t thread = 0; thread < 3; ++thread) {
    ArrivalSchedule schedule(plan, thread, 3);
    for (; schedule.next() != Duration::max(); schedule.advance()) ++planned[schedule.next()];
  }
  CHECK(planned == std::map<Duration, int>{{0ms, 5}, {200ms, 5}, {400ms, 5}, {600ms, 5}, {800ms, 5}});
}
