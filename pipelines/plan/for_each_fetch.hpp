#pragma once

#include <vector>

#include "pipelines/plan/plan.hpp"
#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

/// Calls `visit` for every plan that is part of another: blocks, and the plan itself.
template <class Visit>
void for_each_part(const Plan& plan, const Visit& visit) {
  visit(plan);
  for (const auto& stage : plan.stages) {
    if (stage.on_error) for_each_part(*stage.on_error, visit);
    for (const auto& block : stage.args.row().blocks(stage.args)) {
      if (*block.plan) for_each_part(**block.plan, visit);
    }
  }
}

/// Calls `visit` for the FetchArgs of every stage that fetches, in blocks, too.
template <class Visit>
void for_each_fetch(const Plan& plan, const Visit& visit) {
  for_each_part(plan, [&visit](const Plan& part) {
    for (const auto& stage : part.stages) {
      if (const auto* fetch = stage.args.row().fetch(stage.args)) visit(*fetch);
    }
  });
}

/// What the stage fetches with, to change it; null if it does not fetch.
[[nodiscard]] inline FetchArgs* changeable_fetch(StageArgs& args) {
  return const_cast<FetchArgs*>(args.row().fetch(args));  // the arguments themselves are not const
}

/// The blocks among the stage's arguments, to replace them: a plan inside another is shared and never
/// changed.
[[nodiscard]] inline std::vector<PlanPtr*> changeable_blocks(StageArgs& args) {
  std::vector<PlanPtr*> blocks;
  for (const auto& block : args.row().blocks(args)) blocks.push_back(const_cast<PlanPtr*>(block.plan));
  return blocks;
}

}  // namespace leat::pipelines
