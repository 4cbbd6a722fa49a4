#pragma once

#include <optional>
#include <vector>

#include "engine/async/event.hpp"
#include "pipelines/flow/reentry.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Before a fetch of a run that is part of a job, where records may have another host than the record of the
/// job that they came of: one whose origin is of another partition becomes a record of the job itself. It is
/// put there before the one that it came of has ended, and comes back to here in the process that has its
/// partition. Records that are to be fetched in the partition in which they are go straight on; so do those
/// that have failed, or are not to be fetched any more.
///
/// What such a record is known by is its id, which is made of its parent's and its place among the children,
/// and its URL: put there twice, it is there once. Loop thread only.
class DivideAnew final : public Stage, public Reentry {
 public:
  explicit DivideAnew(RunContext& context);

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  async::Task<void> wait_until_short() override;
  async::Task<bool> come_back(RecordPtr record) override;

 private:
  class Open;

  [[nodiscard]] bool stays(const Record& record) const;
  async::Task<Status> put(std::vector<RecordPtr> records);

  RunContext& context_;
  const int number_;
  std::optional<RecordSender> out_;  // while it runs
  async::Event begun_;
};

}  // namespace leat::pipelines
