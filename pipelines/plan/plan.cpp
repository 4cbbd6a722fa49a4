#include "pipelines/plan/plan.hpp"

#include <algorithm>
#include <string>

#include "pipelines/plan/for_each_fetch.hpp"
#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

namespace {

Error misplaced(const Signature& signature, const char* why) {
  return Error(Errc::bad_input, "\"" + std::string(signature.name) + "\" " + why);
}

Status check_places(const Plan& plan) {
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    const Signature& signature = plan.stages[i].args.row().signature;
    if ((i == 0) != (signature.kind == StageKind::source)) {
      return misplaced(signature,
                       i == 0 ? "is no source: a plan begins with one" : "is a source: it comes first");
    }
    if ((i + 1 == plan.stages.size()) != (signature.kind == StageKind::sink)) {
      return misplaced(signature, signature.kind == StageKind::sink ? "is an end: nothing comes after it"
                                                                    : "is no end: a plan ends with one");
    }
  }
  return std::nullopt;
}

// What writes bodies is of no use behind what makes records without one, until somebody fetches.
Status check_bodies(const Plan& part) {
  bool has_none = false;
  for (const auto& stage : part.stages) {
    const StageRow& row = stage.args.row();
    const StageFacts facts = row.facts(stage.args);
    if (row.fetch(stage.args) != nullptr) has_none = facts.gives_no_body;
    if (has_none && facts.takes_streams) {
      return misplaced(row.signature,
                       "has nothing to write: the records that come of stream= have no body; "
                       "\"write\" writes their fields");
    }
  }
  return std::nullopt;
}

}  // namespace

Status check_plan(const Plan& plan) {
  if (plan.stages.empty()) return Error(Errc::bad_input, "the plan has no stage");
  Status error = check_places(plan);
  for_each_part(plan, [&error](const Plan& part) {
    for (const auto& stage : part.stages) {
      if (!error) error = stage.args.row().check(stage.args);
    }
    if (!error) error = check_bodies(part);
  });
  return error;
}

Status check_input(const Plan& plan) {
  const StageArgs& source = plan.stages.front().args;
  return source.row().check_input(source);
}

bool reads_body(const std::vector<PlannedStage>& stages, std::size_t from) {
  return std::any_of(stages.begin() + static_cast<std::ptrdiff_t>(std::min(from, stages.size())),
                     stages.end(), [](const PlannedStage& stage) {
                       return stage.args.row().facts(stage.args).reads_body || reads_body(stage.on_error);
                     });
}

bool reads_text(const std::vector<PlannedStage>& stages, std::size_t from) {
  return std::any_of(stages.begin() + static_cast<std::ptrdiff_t>(std::min(from, stages.size())),
                     stages.end(), [](const PlannedStage& stage) {
                       const StageFacts facts = stage.args.row().facts(stage.args);
                       return (facts.reads_body && !facts.reads_bytes) || reads_text(stage.on_error);
                     });
}

bool reads_text(const PlanPtr& block) { return block != nullptr && reads_text(block->stages, 0); }

bool reads_body(const PlanPtr& block) { return block != nullptr && reads_body(block->stages, 0); }

}  // namespace leat::pipelines
