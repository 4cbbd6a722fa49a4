#include "engine/load/quantile_interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <random>

#include "engine/load/normal.hpp"

using namespace leat::load;

namespace {

using Draw = std::function<double(std::mt19937_64&)>;

/// A distribution whose quantiles are known.
struct Known {
  const char* name;
  Draw draw;
  std::function<double(double)> quantile;
};

const Known kKnown[] = {
    {"exponential, mean 2 ms",
     [](std::mt19937_64& random) { return std::exponential_distribution<double>(1 / 2e6)(random); },
     [](double q) { return -2e6 * std::log1p(-q); }},
    {"log-normal, median 1 ms",
     [](std::mt19937_64& random) { return std::lognormal_distribution<double>(std::log(1e6), 0.8)(random); },
     [](double q) { return std::exp(std::log(1e6) + 0.8 * normal_quantile(q)); }},
    {"normal, 10 ms and narrow",
     [](std::mt19937_64& random) { return std::normal_distribution<double>(1e7, 1e6)(random); },
     [](double q) { return 1e7 + 1e6 * normal_quantile(q); }},
    {"uniform, to 5 ms",
     [](std::mt19937_64& random) { return std::uniform_real_distribution<double>(0, 5e6)(random); },
     [](double q) { return 5e6 * q; }},
};

double coverage(const Known& known, double p, std::size_t samples, int runs, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const double truth = known.quantile(p / 100);
  int covered = 0;
  for (int run = 0; run < runs; ++run) {
    Histogram histogram;
    for (std::size_t i = 0; i < samples; ++i) {
      histogram.record(static_cast<std::uint64_t>(std::max(0.0, known.draw(random))));
    }
    const auto estimate = estimate_percentile(histogram, p);
    REQUIRE(estimate);
    covered += static_cast<double>(estimate->lowest.value) <= truth &&
               truth <= static_cast<double>(estimate->highest.value) + 1;
  }
  return 100.0 * covered / runs;
}

}  // namespace

TEST_CASE(
    "Percentile intervals: of 500 runs of known distributions, 92 to 98 percent of the intervals cover the "
    "truth") {
  for (const auto& known : kKnown) {
    for (const double p : {50.0, 90.0, 95.0, 99.0}) {
      CAPTURE(known.name);
      CAPTURE(p);
      const double covered = coverage(known, p, 2000, 500, static_cast<std::uint64_t>(p));
      CHECK(covered >= 92);
      CHECK(covered <= 98);
    }
  }
}

TEST_CASE("Percentile intervals: they cover the truth as often with few samples as with many") {
  for (const std::size_t samples : {100U, 500U, 20'000U}) {
    CAPTURE(samples);
    const double covered = coverage(kKnown[2], samples < 500 ? 50 : 99, samples, 500, samples);
    CHECK(covered >= 92);
    CHECK(covered <= 98);
  }
}

TEST_CASE("Rank intervals: the ranks are those of the binomial distribution") {
  // For 100 samples and the median, P(40 <= B <= 60) is 0.9648 and P(41 <= B <= 60) is 0.9539.
  const auto median = rank_interval(100, 0.5);
  REQUIRE(median);
  CHECK(median->coverage == doctest::Approx(0.95).epsilon(0.01));
  CHECK(median->lower >= 40);
  CHECK(median->upper <= 61);
  // For 10 samples, P(2 <= B <= 8) is 0.9785, and P(3 <= B <= 8) is 0.9346, which is nearer.
  const auto few = rank_interval(10, 0.5);
  REQUIRE(few);
  CHECK(few->coverage == doctest::Approx(0.9346).epsilon(0.001));
  CHECK(few->upper - few->lower == 6);
  // The number of samples from which the normal approximation is used.
  const auto many = rank_interval(1'000'000, 0.5);
  REQUIRE(many);
  CHECK(many->lower == doctest::Approx(500'000 - 980).epsilon(1e-5));
  CHECK(many->upper == doctest::Approx(500'000 + 981).epsilon(1e-5));
}

TEST_CASE("percentiles with too few samples beyond them are not shown") {
  CHECK_FALSE(rank_interval(0, 0.5));
  CHECK_FALSE(rank_interval(5, 0.5));
  CHECK(rank_interval(6, 0.5));
  CHECK(samples_for(50) == 6);
  // All n samples are below the quantile with probability q^n, which must be at most 2.5 %.
  CHECK(samples_for(99) == static_cast<std::uint64_t>(std::ceil(std::log(0.025) / std::log(0.99))));
  CHECK(samples_for(99.9) == static_cast<std::uint64_t>(std::ceil(std::log(0.025) / std::log(0.999))));
  CHECK(samples_for(1) == samples_for(99));
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 1000; ++i) histogram.record(i * 1000);
  CHECK(estimate_percentile(histogram, 99));
  CHECK_FALSE(estimate_percentile(histogram, 99.9));
}

TEST_CASE("Percentile intervals: values that are all alike have the interval of their bucket") {
  Histogram histogram;
  for (int i = 0; i < 10'000; ++i) histogram.record(5'000'123);
  const auto estimate = estimate_percentile(histogram, 99);
  REQUIRE(estimate);
  CHECK(estimate->lowest.value == 5'000'123);
  CHECK(estimate->highest.value == 5'000'123);
  // A second value is far away; what is near the percentile is known to its bucket.
  for (int i = 0; i < 5000; ++i) histogram.record(900'000'000);
  const auto low = estimate_percentile(histogram, 50);
  REQUIRE(low);
  CHECK(low->lowest.value <= 5'000'123);
  CHECK(low->highest.value >= 5'000'123);
  CHECK(low->highest.value - low->lowest.value < 5'000'123 / 500);
}

TEST_CASE("Percentile intervals: an interval that ends among censored values has no upper end") {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 990; ++i) histogram.record(i * 1000);
  for (int i = 0; i < 10; ++i) histogram.record_censored(10'000'000);
  const auto p99 = estimate_percentile(histogram, 99);
  REQUIRE(p99);
  CHECK_FALSE(p99->value.censored);
  CHECK(p99->highest.censored);
  CHECK(p99->highest.value == 10'000'000);
  CHECK(p99->lowest.value < 990'000);
  const auto p50 = estimate_percentile(histogram, 50);
  REQUIRE(p50);
  CHECK_FALSE(p50->highest.censored);

  Histogram lost;
  for (int i = 0; i < 100; ++i) lost.record_censored(7'000'000);
  const auto all = estimate_percentile(lost, 50);
  REQUIRE(all);
  CHECK(all->value.censored);
  CHECK(all->highest.censored);
  CHECK(all->lowest.censored);
  CHECK(all->lowest.value == 7'000'000);
}
