#include "cli/bench/versus.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/load/run_sequence.hpp"

namespace leat::cli {

namespace {

constexpr std::size_t kMostGroups = 20;
constexpr async::Duration kShortBlock{std::chrono::milliseconds(100)};
constexpr int kBlocksOfGroup = 4;

std::size_t groups_for(const load::LoadPlan& plan) {
  if (plan.requests > 0) {
    return std::clamp<std::size_t>(plan.requests / 40, load::kFewestGroups, kMostGroups);
  }
  const auto pairs = static_cast<std::size_t>(plan.measured / (2 * kShortBlock));
  return std::clamp<std::size_t>(pairs, load::kFewestGroups + 1, kMostGroups);
}

}  // namespace

VersusSchedule::VersusSchedule(const load::LoadPlan& plan, load::Target other) : groups_(groups_for(plan)) {
  load::LoadPlan one = plan;
  one.measured = plan.measured / static_cast<int>(2 * groups_);
  one.requests = plan.requests > 0 ? std::max<std::uint64_t>(1, plan.requests / (2 * groups_)) : 0;
  // Nothing that the last block left behind must be in this one.
  one.warmup = plan.warmup.count() > 0 ? plan.warmup / static_cast<int>(2 * groups_) : one.measured / 5;
  load::LoadPlan two = one;
  two.targets = {std::move(other)};
  const auto add = [&](std::size_t group, bool second, bool counts) {
    blocks_.push_back({group, second, counts, second ? two : one});
    blocks_.back().plan.seed = plan.seed + blocks_.size();
  };
  add(0, false, false);
  add(0, true, false);
  for (std::size_t group = 0; group < groups_; ++group) {
    for (const bool second : {false, true, true, false}) add(group, second, true);
  }
}

void VersusTally::take(const VersusSchedule::Block& block, const load::LoadResult& result) {
  if (!block.counts) return;
  load::append(block.second ? b_ : a_, result);
  auto& pair = pairs_[block.group];
  (block.second ? pair.b : pair.a).add(result);
  ++taken_[block.group];
}

Comparison VersusTally::compare(std::string a, std::string b) const {
  std::size_t whole = 0;
  while (whole < pairs_.size() && taken_[whole] == kBlocksOfGroup) ++whole;
  const auto measured = load::compare_blocks(std::span(pairs_).first(whole));
  Comparison comparison;
  comparison.a = std::move(a);
  comparison.b = std::move(b);
  comparison.groups = whole;
  comparison.median = measured.median;
  comparison.p99 = measured.p99;
  comparison.rate = measured.rate;
  compare_counts(comparison, a_.totals, a_.by_status, b_.totals, b_.by_status);
  return comparison;
}

}  // namespace leat::cli
