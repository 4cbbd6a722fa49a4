#include "engine/load/bootstrap.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <optional>
#include <random>
#include <vector>

using namespace leat::load;

namespace {

/// A server on a machine whose speed changes by some percent from block to block.
class Wandering {
 public:
  explicit Wandering(std::uint64_t seed) : random_(seed) {}

  std::vector<BlockPair> groups(std::size_t count, double slower) {
    std::vector<BlockPair> groups(count);
    std::normal_distribution<double> wander(0, 0.03);
    for (auto& group : groups) {
      const double shared = wander(random_);
      for (Block* side : {&group.a, &group.b, &group.b, &group.a}) {
        fill(*side, std::exp(shared + wander(random_) / 2) * (side == &group.b ? slower : 1));
      }
    }
    return groups;
  }

 private:
  void fill(Block& block, double factor) {
    std::lognormal_distribution<double> time(std::log(2e6), 0.4);
    double busy = 0;
    for (int i = 0; i < 200; ++i) {
      const double took = time(random_) * factor;
      block.response.record(static_cast<std::uint64_t>(took));
      busy += took;
    }
    block.finished += 200;
    block.seconds += busy / 1e9 / 8;  // 8 connections
  }

  std::mt19937_64 random_;
};

bool any_differs(const BlockComparison& comparison) {
  return (comparison.median && comparison.median->differs()) ||
         (comparison.p99 && comparison.p99->differs()) || (comparison.rate && comparison.rate->differs());
}

}  // namespace

TEST_CASE("Bootstrap: of 100 runs against itself at most 7 see a difference") {
  for (const std::size_t groups : {6U, 10U, 25U}) {
    CAPTURE(groups);
    int seen = 0;
    for (std::uint64_t run = 0; run < 100; ++run) {
      seen += any_differs(compare_blocks(Wandering(run + groups * 1000).groups(groups, 1)));
    }
    CHECK(seen <= 7);
  }
}

TEST_CASE(
    "Bootstrap: of 100 runs against something 10 percent slower, at least 95 see it, and in the right "
    "direction") {
  int seen = 0;
  for (std::uint64_t run = 0; run < 100; ++run) {
    const auto comparison = compare_blocks(Wandering(run).groups(10, 1.1));
    REQUIRE(comparison.median);
    REQUIRE(comparison.rate);
    seen += comparison.median->lowest > 1 && comparison.rate->highest < 1;
    CHECK(comparison.median->value == doctest::Approx(1.1).epsilon(0.05));
  }
  CHECK(seen >= 95);
}

TEST_CASE("Bootstrap: its intervals cover the true ratios as often as they say") {
  constexpr double kSlower = 1.05;
  constexpr int kRuns = 500;
  const auto covers = [](const std::optional<Ratio>& ratio, double truth) {
    REQUIRE(ratio);
    return ratio->lowest <= truth && truth <= ratio->highest;
  };
  int median = 0;
  int p99 = 0;
  int rate = 0;
  for (std::uint64_t run = 0; run < kRuns; ++run) {
    const auto comparison = compare_blocks(Wandering(run + 77).groups(8, kSlower));
    median += covers(comparison.median, kSlower);
    p99 += covers(comparison.p99, kSlower);
    rate += covers(comparison.rate, 1 / kSlower);
  }
  // 98.3 % of 500 are 492, with a tolerance of 3.
  for (const int covered : {median, p99, rate}) {
    CHECK(covered >= 480);
    CHECK(covered <= 499);
  }
}

TEST_CASE("Bootstrap: the same seed gives the same interval") {
  const auto groups = Wandering(3).groups(7, 1.02);
  CHECK(compare_blocks(groups, 5).median->lowest == compare_blocks(groups, 5).median->lowest);
}

TEST_CASE("Bootstrap: too few groups, too few samples and censored tails give no interval") {
  CHECK_FALSE(compare_blocks(Wandering(1).groups(4, 1)).median);
  std::vector<BlockPair> few(6);
  for (auto& pair : few) {
    for (Block* side : {&pair.a, &pair.b}) {
      for (int i = 0; i < 10; ++i) side->response.record(1000);
      side->seconds = 1;
      side->finished = 10;
    }
  }
  auto comparison = compare_blocks(few);
  CHECK(comparison.median);
  CHECK_FALSE(comparison.median->differs());
  CHECK_FALSE(comparison.p99);
  CHECK(comparison.rate);
  for (auto& pair : few) {
    for (int i = 0; i < 20; ++i) pair.a.response.record_censored(1000);
    pair.b.finished = 0;
  }
  comparison = compare_blocks(few);
  CHECK_FALSE(comparison.median);
  CHECK_FALSE(comparison.rate);
}

TEST_CASE("Bootstrap: times that are all alike differ only if they differ by more than a bucket") {
  const auto constant = [](std::uint64_t a, std::uint64_t b) {
    std::vector<BlockPair> groups(8);
    for (auto& pair : groups) {
      for (int i = 0; i < 100; ++i) {
        pair.a.response.record(a);
        pair.b.response.record(b);
      }
    }
    return compare_blocks(groups);
  };
  CHECK_FALSE(constant(5'000'000, 5'004'000).median->differs());
  CHECK(constant(5'000'000, 5'100'000).median->differs());
}
