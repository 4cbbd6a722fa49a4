#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Behind a stage that doesn't keep records in order, in a run that is recorded or replayed: notes the order
/// in which they come, or lets them go on in the order that was noted. So all that stands behind sees the
/// same, whatever the machine does meanwhile.
///
/// What the recording doesn't have comes last, and what doesn't come any more is not waited for: once the
/// run has come to a standstill the first of those who wait goes on. It always receives, so it can't stop
/// what it waits for.
class Sequence final : public Stage {
 public:
  /// `name` tells it from the others of its run. `reach`: how many records may overtake one.
  Sequence(const std::string& name, std::size_t reach, RunContext& context);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<Status> note(RecordReceiver in, RecordSender out);
  async::Task<Status> arrange(RecordReceiver in, RecordSender out);

  RunContext& context_;
  const std::size_t reach_;
  std::string path_;
};

}  // namespace leat::pipelines
