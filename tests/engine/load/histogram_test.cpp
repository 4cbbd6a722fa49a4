#include "engine/load/histogram.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using leat::load::Histogram;

namespace {

// The definition, over all values: the smallest value that at least p percent do not exceed.
std::uint64_t exact_percentile(const std::vector<std::uint64_t>& sorted, double p) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(p / 100 * static_cast<double>(sorted.size()) * (1 - 1e-12)));
  return sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1];
}

std::vector<std::uint64_t> draw(std::mt19937_64& random, int shape, std::size_t count) {
  std::vector<std::uint64_t> values;
  std::lognormal_distribution<double> log_normal(13, 1.5);
  std::uniform_int_distribution<std::uint64_t> uniform(0, 5'000'000);
  std::uniform_int_distribution<unsigned> bits(0, 43);
  for (std::size_t i = 0; i < count; ++i) {
    if (shape == 0) values.push_back(static_cast<std::uint64_t>(log_normal(random)));
    if (shape == 1) values.push_back(uniform(random));
    if (shape == 2) values.push_back(random() % 10 == 0 ? 1'000'000'000 : 200'000 + random() % 100);
    if (shape == 3) values.push_back(random() & ((std::uint64_t{1} << bits(random)) - 1));
    values.back() = std::min(values.back(), Histogram::kMost);
  }
  return values;
}

}  // namespace

TEST_CASE("Histogram: percentiles are the exact ones to 3 significant digits, whatever the distribution") {
  std::mt19937_64 random(7);
  for (int shape = 0; shape < 4; ++shape) {
    for (const std::size_t count : {1U, 2U, 10U, 999U, 20'000U}) {
      CAPTURE(shape);
      CAPTURE(count);
      auto values = draw(random, shape, count);
      Histogram histogram;
      for (const auto value : values) histogram.record(value);
      std::sort(values.begin(), values.end());
      for (const double p : {0.0, 1.0, 25.0, 50.0, 90.0, 95.0, 99.0, 99.9, 99.99, 100.0}) {
        CAPTURE(p);
        const auto want = exact_percentile(values, p);
        const auto got = histogram.percentile(p);
        CHECK_FALSE(got.censored);
        CHECK(got.value >= want);
        CHECK(static_cast<double>(got.value - want) <= static_cast<double>(want) * 0.001);
      }
      CHECK(histogram.count() == count);
      CHECK(histogram.min() == values.front());
      CHECK(histogram.max() == values.back());
      double sum = 0;
      for (const auto value : values) sum += static_cast<double>(value);
      const double mean = sum / static_cast<double>(count);
      double squares = 0;
      for (const auto value : values) {
        squares += (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean);
      }
      CHECK(histogram.mean() == doctest::Approx(mean));
      CHECK(histogram.stdev() ==
            doctest::Approx(std::sqrt(squares / static_cast<double>(count))).epsilon(0.001).scale(mean));
    }
  }
}

TEST_CASE("Histogram: each value is in the bucket that holds it, at every power of two") {
  for (unsigned bit = 0; bit < 43; ++bit) {
    for (const std::int64_t by : {-1, 0, 1}) {
      const std::uint64_t value = (std::uint64_t{1} << bit) + static_cast<std::uint64_t>(by);
      CAPTURE(value);
      Histogram histogram;
      histogram.record(value);
      int buckets = 0;
      histogram.for_each([&](const Histogram::Bucket& bucket) {
        ++buckets;
        CHECK(bucket.lowest <= value);
        CHECK(bucket.highest >= value);
        CHECK(bucket.count == 1);
        CHECK((bucket.highest - bucket.lowest) * 1000 <= bucket.lowest);
        if (value < 2048) CHECK(bucket.index == value);
      });
      CHECK(buckets == 1);
    }
  }
}

TEST_CASE("Histogram: a value above the longest counts as the longest") {
  Histogram histogram;
  histogram.record(~std::uint64_t{0});
  CHECK(histogram.max() == Histogram::kMost);
  CHECK(histogram.percentile(50).value == Histogram::kMost);
}

TEST_CASE("Histogram: merging threads' counts gives what one thread would have counted") {
  std::mt19937_64 random(3);
  Histogram whole;
  Histogram merged;
  for (int part = 0; part < 4; ++part) {
    Histogram one;
    for (const auto value : draw(random, part, 1000)) {
      whole.record(value);
      one.record(value);
    }
    whole.record_censored(static_cast<std::uint64_t>(part) * 100);
    one.record_censored(static_cast<std::uint64_t>(part) * 100);
    merged.merge(one);
  }
  CHECK(merged.total() == whole.total());
  CHECK(merged.censored() == 4);
  CHECK(merged.censored_max() == 300);
  CHECK(merged.min() == whole.min());
  CHECK(merged.max() == whole.max());
  CHECK(merged.mean() == whole.mean());
  for (std::uint64_t rank = 1; rank <= whole.total(); ++rank) {
    REQUIRE(merged.at_rank(rank).value == whole.at_rank(rank).value);
  }
}

TEST_CASE("Histogram: censored values form the tail, above everything that was measured") {
  Histogram histogram;
  for (int i = 0; i < 99; ++i) histogram.record(1000);
  histogram.record_censored(5);  // it failed at once, and might have taken any time
  CHECK(histogram.percentile(99).value == 1000);
  CHECK_FALSE(histogram.percentile(99).censored);
  CHECK(histogram.percentile(99.5).censored);
  CHECK(histogram.percentile(99.5).value == 1000);
  histogram.record_censored(30'000);
  CHECK(histogram.percentile(100).value == 30'000);
  CHECK(histogram.max() == 1000);
  CHECK(histogram.count() == 99);
  CHECK(histogram.total() == 101);
}

TEST_CASE("Histogram: an empty, a cleared and a copied histogram give what they should") {
  Histogram histogram;
  CHECK(histogram.percentile(99).value == 0);
  CHECK(histogram.min() == 0);
  CHECK(histogram.stdev() == 0);
  histogram.record(7);
  const Histogram copy = histogram;
  histogram.clear();
  CHECK(histogram.total() == 0);
  CHECK(histogram.percentile(50).value == 0);
  CHECK(copy.percentile(50).value == 7);
  Histogram moved = std::move(histogram);
  moved.record(9);
  CHECK(moved.min() == 9);
}
