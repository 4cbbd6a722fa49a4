#include "pipelines/stages/bind_plan.hpp"

#include <algorithm>
#include <utility>

#include "pipelines/stages/arg_reader.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::pipelines {

namespace {

const StageRow& row_of(const Signature& signature) {
  const auto rows = stage_table();
  return *std::find_if(rows.begin(), rows.end(), [&](const StageRow& row) {
    return row.signature.name == signature.name && row.signature.kind == signature.kind;
  });
}

PlannedStage bind_stage(const BoundStage& stage) {
  PlannedStage planned(row_of(*stage.signature).bind(stage));
  const ArgReader reader(stage);
  reader.read("on-error", planned.on_error);
  reader.read("timeout", planned.timeout);
  std::uint64_t n = 0;
  reader.read("n", n);
  if (n > 0) planned.n = n;
  return planned;
}

}  // namespace

Plan bind_plan(const BoundPipeline& pipeline) {
  Plan plan;
  for (const auto& stage : pipeline.stages) plan.stages.push_back(bind_stage(stage));
  return plan;
}

}  // namespace leat::pipelines
