#include "cli/bench/versus.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;
using namespace std::chrono_literals;

namespace {

leat::load::LoadPlan plan_of(leat::async::Duration measured, std::uint64_t requests = 0) {
  leat::load::LoadPlan plan;
  plan.measured = measured;
  plan.requests = requests;
  plan.targets.emplace_back();
  plan.targets[0].url = "http://a/";
  return plan;
}

leat::load::Target other() {
  leat::load::Target target;
  target.url = "http://b/";
  return target;
}

leat::load::LoadResult block_of(double median_ns, std::uint64_t seed) {
  Synthetic one;
  one.seconds = 1;
  one.per_second = 200;
  one.median_ns = median_ns;
  one.seed = seed;
  return one.result();
}

}  // namespace

TEST_CASE("vs: blocks are in the order ABBA, after one of each side that doesn't count") {
  const VersusSchedule schedule(plan_of(1s), other());
  const auto& blocks = schedule.blocks();
  REQUIRE(blocks.size() == 2 + 4 * schedule.groups());
  CHECK(schedule.groups() >= leat::load::kFewestGroups);
  CHECK_FALSE(blocks[0].counts);
  CHECK_FALSE(blocks[1].counts);
  std::string order;
  leat::async::Duration measured_a{0};
  for (std::size_t i = 2; i < blocks.size(); ++i) {
    order += blocks[i].plan.targets[0].url == "http://b/" ? 'B' : 'A';
    CHECK(blocks[i].second == (order.back() == 'B'));
    CHECK(blocks[i].group == (i - 2) / 4);
    if (!blocks[i].second) measured_a += blocks[i].plan.measured;
  }
  for (std::size_t at = 0; at < order.size(); at += 4) CHECK(order.substr(at, 4) == "ABBA");
  CHECK(measured_a <= 1s);
  CHECK(measured_a > 990ms);
}

TEST_CASE("vs: the number of requests is divided among the blocks") {
  const VersusSchedule schedule(plan_of(0s, 1000), other());
  std::uint64_t each = 0;
  for (const auto& block : schedule.blocks()) {
    if (block.counts && !block.second) each += block.plan.requests;
  }
  CHECK(each == 1000);
  CHECK(VersusSchedule(plan_of(0s, kFewestVersusRequests), other()).groups() == leat::load::kFewestGroups);
}

TEST_CASE("vs: both sides are added up, and incomplete groups are left out of the comparison") {
  const VersusSchedule schedule(plan_of(2s), other());
  VersusTally tally(schedule.groups());
  std::uint64_t seed = 0;
  std::size_t taken = 0;
  const std::size_t most = schedule.blocks().size() - 2;  // a signal came
  for (const auto& block : schedule.blocks()) {
    if (++taken > most) break;
    tally.take(block, block_of(block.second ? 3e6 : 2e6, ++seed));
  }
  const auto comparison = tally.compare("http://a/", "http://b/");
  CHECK(comparison.groups == schedule.groups() - 1);
  REQUIRE(comparison.median);
  CHECK(comparison.median->value == doctest::Approx(1.5).epsilon(0.05));
  CHECK(comparison.differs());
  CHECK(tally.subject().measured == std::chrono::seconds(2 * schedule.groups() - 1));
  CHECK(tally.subject().series.size() == 2 * schedule.groups() - 1);
  CHECK(tally.subject().series[3].start == 3s);
  CHECK(tally.other().totals.ok == tally.other().latency.response.count());
}
