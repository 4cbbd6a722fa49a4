#include "engine/load/estimates.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace leat::load;
using namespace std::chrono_literals;

namespace {

LoadResult run_of(const std::vector<std::uint64_t>& seconds) {
  LoadResult result;
  result.measured = std::chrono::seconds(seconds.size());
  for (std::size_t i = 0; i < seconds.size(); ++i) {
    result.blocks.push_back({1s, static_cast<double>(seconds[i])});
    result.totals.finished_in_time += seconds[i];
  }
  return result;
}

}  // namespace

TEST_CASE("Rate: its interval is that of the mean of the blocks, whatever slow changes they contain") {
  const auto rate = estimate_rate(run_of({100, 110, 90, 105, 95, 100, 110, 90}));
  CHECK(rate.value == doctest::Approx(100));
  // The deviation is 8.018, over 8 blocks; t with 7 degrees of freedom is 2.3646.
  CHECK(rate.highest - rate.value == doctest::Approx(2.3646 * 8.0178 / std::sqrt(8.0)).epsilon(1e-3));
  CHECK(rate.value - rate.lowest == doctest::Approx(rate.highest - rate.value));
}

TEST_CASE("Rate: with too few blocks it has no interval, however many answers there were") {
  const auto rate = estimate_rate(run_of({400'000, 400'000}));
  CHECK(rate.value == doctest::Approx(400'000));
  CHECK(rate.lowest == 0);
  CHECK(std::isinf(rate.highest));
  CHECK(estimate_rate(LoadResult()).value == 0);
}

TEST_CASE("Rate: a run without an answer shows that the rate is low, and how low") {
  const auto rate = estimate_rate(run_of({0, 0, 0, 0}));
  CHECK(rate.value == 0);
  CHECK(rate.lowest == 0);
  CHECK(rate.highest == doctest::Approx(3.689 / 4).epsilon(1e-3));  // exp(-3.689) is 0.025
}

TEST_CASE("Rate: of 500 runs of known rates 92 to 98 percent of the intervals cover the truth") {
  constexpr double kTruth = 200;
  constexpr int kRuns = 500;
  std::mt19937_64 random(11);
  // First for independent responses, and then for a server whose own rate differs in each second (gamma,
  // deviation 20 %).
  for (const bool uneven : {false, true}) {
    for (const std::size_t seconds : {std::size_t{8}, std::size_t{10}, std::size_t{60}, std::size_t{300}}) {
      CAPTURE(uneven);
      CAPTURE(seconds);
      int covered = 0;
      for (int run = 0; run < kRuns; ++run) {
        std::vector<std::uint64_t> counts(seconds);
        for (auto& count : counts) {
          const double rate = uneven ? std::gamma_distribution<double>(25, kTruth / 25)(random) : kTruth;
          count = std::poisson_distribution<std::uint64_t>(rate)(random);
        }
        const auto estimate = estimate_rate(run_of(counts));
        covered += estimate.lowest <= kTruth && kTruth <= estimate.highest;
      }
      CHECK(covered >= kRuns * 92 / 100);
      CHECK(covered <= kRuns * 98 / 100);
    }
  }
}

TEST_CASE(
    "Rate: of 500 runs whose seconds depend on each other, 92 to 98 percent of the intervals cover the "
    "truth") {
  constexpr double kTruth = 1000;
  constexpr double kDeviation = 100;
  constexpr int kRuns = 500;
  std::mt19937_64 random(13);
  std::normal_distribution<double> normal;
  struct Case {
    double correlation;  // the correlation of a second with the next one
    std::size_t seconds;
  };
  for (const Case& one : {Case{0.5, 30}, Case{0.5, 60}, Case{0.8, 300}}) {
    const double correlation = one.correlation;
    const std::size_t seconds = one.seconds;
    CAPTURE(correlation);
    CAPTURE(seconds);
    int covered = 0;
    for (int run = 0; run < kRuns; ++run) {
      std::vector<std::uint64_t> counts(seconds);
      double state = normal(random);
      for (auto& count : counts) {
        const double rate = kTruth + kDeviation * state;
        count = std::poisson_distribution<std::uint64_t>(rate)(random);
        state = correlation * state + std::sqrt(1 - correlation * correlation) * normal(random);
      }
      const auto estimate = estimate_rate(run_of(counts));
      covered += estimate.lowest <= kTruth && kTruth <= estimate.highest;
    }
    CHECK(covered >= kRuns * 92 / 100);
    CHECK(covered <= kRuns * 98 / 100);
  }
}

TEST_CASE(
    "Mean: 95 of 100 intervals cover the truth, and with censored values the interval has no upper end") {
  std::mt19937_64 random(5);
  int covered = 0;
  for (int run = 0; run < 500; ++run) {
    Histogram histogram;
    std::exponential_distribution<double> exponential(1 / 1e6);
    for (int i = 0; i < 400; ++i) histogram.record(static_cast<std::uint64_t>(exponential(random)));
    const auto mean = estimate_mean(histogram);
    REQUIRE(mean);
    covered += mean->lowest <= 1e6 && 1e6 <= mean->highest;
  }
  CHECK(covered >= 460);
  CHECK(covered <= 490);
  Histogram lost;
  lost.record(1000);
  CHECK_FALSE(estimate_mean(lost));
  lost.record(1000);
  lost.record_censored(1);
  CHECK(std::isinf(estimate_mean(lost)->highest));
}

TEST_CASE("Share: none of a thousand does not prove a share of zero") {
  const auto none = estimate_share(0, 1000);
  REQUIRE(none);
  CHECK(none->lowest == 0);
  CHECK(none->highest == doctest::Approx(0.0038).epsilon(0.02));
  const auto some = estimate_share(10, 1000);
  CHECK(some->lowest ==
        doctest::Approx(0.00544).epsilon(0.01));  // Wilson's interval, from the formula by hand
  CHECK(some->highest == doctest::Approx(0.01831).epsilon(0.01));
  CHECK(estimate_share(7, 7)->highest == 1);
  CHECK_FALSE(estimate_share(0, 0));
}

TEST_CASE("Error rate: it is all that was not answered as expected, of all that was scheduled") {
  Tally tally;
  tally.scheduled = 200;
  tally.sent = 160;
  tally.ok = 100;
  tally.failed = 2;
  tally.timed_out = 3;
  tally.dropped = 40;
  tally.in_flight_at_end = 31;
  tally.unanswered = 11;  // the user cut the others off
  tally.status_errors = 24;
  CHECK(count_errors(tally) == 80);
  CHECK(estimate_error_rate(tally)->value == doctest::Approx(0.4));
  CHECK_FALSE(estimate_error_rate(Tally()));
}
