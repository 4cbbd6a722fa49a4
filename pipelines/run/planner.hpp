#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// The stages of a plan and of its blocks, built, fused and joined by channels, ready to start.
struct Pipeline {
  using ChannelRef = std::shared_ptr<Channel<RecordPtr>>;

  /// One task to come.
  struct Launch {
    std::string name;                            // "fetch+save" where two stages are one task
    std::function<async::Task<Status>()> start;  // once
    std::weak_ptr<Channel<RecordPtr>> out;       // what it sends into; none: a sink
  };
  /// The queue between two stages.
  struct Joint {
    std::string name;  // "lines > fetch"
    std::weak_ptr<const Channel<RecordPtr>> channel;
  };

  /// A stage in its place, for looking at.
  struct Seat {
    std::string name;
    const Stage* stage = nullptr;  // or
    const Sink* sink = nullptr;    // or neither: a source
    ChannelRef in;                 // empty: a source
    ChannelRef out;                // empty: a sink
    std::size_t launch = 0;        // whose task it runs in
  };

  Source* source = nullptr;
  std::vector<Launch> launches;  // downstream first, so that whatever is sent finds somebody who receives
  std::vector<Joint> joints;     // in the order of the pipeline
  std::vector<Seat> seats;       // in the order of the pipeline, blocks behind what they belong to
  std::vector<std::unique_ptr<Sink>> sinks;
  std::vector<std::unique_ptr<Source>> sources;
  std::vector<std::unique_ptr<Stage>> stages;
};

/// Builds what a plan describes. A `save` behind `fetch` is fused with it, so that bodies stream into their
/// files; neighbours that do no I/O share a task. Bodies are held in memory only where something reads them
/// there. Does no I/O. The context outlives it.
Result<Pipeline> build_pipeline(const Plan& plan, RunContext& context);

}  // namespace leat::pipelines
