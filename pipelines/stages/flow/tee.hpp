#pragma once

#include <utility>

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// tee: a copy of each record goes through a block of its own, the record itself goes on. Copies hold no
/// ticket: what comes of them is not counted. The slower of the two branches sets the pace; a record whose
/// copy the block takes no room for within `timeout` fails.
class Tee final : public Stage {
 public:
  explicit Tee(RunContext& context) noexcept : context_(context) {}

  void set_branch(RecordSender branch) noexcept { branch_ = std::move(branch); }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  async::Task<void> copy(RecordSender& branch, Record& record) const;

  RunContext& context_;
  RecordSender branch_;
};

}  // namespace leat::pipelines
