#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// The stages of a plan, built and fused, not yet joined.
struct Pipeline {
  std::vector<std::string> names;  // of source, stages and sink, "fetch+save" where two are one task
  std::vector<std::unique_ptr<RecordStage>> fused;  // into the stages below, which refer to them
  std::unique_ptr<Source> source;
  std::vector<std::unique_ptr<Stage>> stages;
  std::unique_ptr<Sink> sink;
};

/// Builds what a plan describes. A `save` behind `fetch` is fused with it, so that bodies stream into their
/// files; other record stages get a task of their own. Bodies are held in memory only where something reads
/// them there. Does no I/O.
Result<Pipeline> build_pipeline(const Plan& plan, RunContext& context);

}  // namespace leat::pipelines
