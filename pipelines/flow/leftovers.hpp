#pragma once

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Right behind the source of a run with --failed: what fails is written to that file as it stood in the
/// input (Record::source), so that the file can be the input of the next run.
///
/// A record of the source is written once, when all that came of it is at its end and any of that has failed;
/// what was cancelled isn't a failure. What could not be held whole, a line or a row that is too long, is not
/// written; its result names the line. A row whose quote is never closed is written last.
class Leftovers final : public Stage {
 public:
  explicit Leftovers(RunContext& context) : context_(context) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class SourceEntry;

  RunContext& context_;
};

}  // namespace leat::pipelines
