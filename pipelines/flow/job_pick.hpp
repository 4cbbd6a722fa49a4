#pragma once

#include <cstdint>
#include <vector>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Counts records for all processes of a job together: passes the first `n` on, or all but these. The others
/// count as skipped. Once a limit's `n` have passed the job's source is not read on. Records that have
/// failed pass. It asks the job about many records at once.
class JobPick final : public Stage {
 public:
  enum class What : std::uint8_t { first, rest };

  JobPick(What what, std::uint64_t n, RunContext& context)
      : context_(context), what_(what), n_(n), number_(++context.last_memory) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<Status> look_at(std::vector<RecordPtr>& records);

  RunContext& context_;
  const What what_;
  const std::uint64_t n_;
  const int number_;
};

}  // namespace leat::pipelines
