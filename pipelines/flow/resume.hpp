#pragma once

#include <cstdint>
#include <string>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Right behind the source of a run with a journal: drops the records that the runs before have done, and
/// gives the others the id they had there and the journal's entry, which ends them once all that came of them
/// is done. What is dropped is not counted as read, but in RunContext::done_before.
class Resume final : public Stage {
 public:
  explicit Resume(RunContext& context) : context_(context) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  class RootEntry;
  std::uint64_t hash_of(const Record& record);

  RunContext& context_;
  std::string content_;
};

}  // namespace leat::pipelines
