#pragma once

#include <cstdint>
#include <string>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Right behind the source of a run with a journal: drops the records that the runs before have done. The
/// others get the id that they had there, and a family that tells the journal once all that came of them has
/// ended. What is dropped is not counted as read, but in Resuming::done_before, and the file of
/// --failed has it if it has failed.
class Resume final : public Stage {
 public:
  explicit Resume(RunContext& context) : context_(context) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class SourceFamily;
  std::uint64_t hash_of(const Record& record);
  void tell_leftovers(Record& record, bool failed);

  RunContext& context_;
  std::string content_;
};

}  // namespace leat::pipelines
