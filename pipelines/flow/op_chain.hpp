#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "pipelines/flow/stage.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// Runs neighbouring RecordOps on one record after the other, in one task.
class OpChain final : public Stage {
 public:
  /// `timeout` is for one record, which fails at the stage of that `name` when it is over; 0: none.
  void add(std::unique_ptr<RecordOp> op, async::Duration timeout, const char* name) {
    ops_.push_back({std::move(op), timeout, name});
  }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  struct Verdicts {
    bool drop = false;
    bool last = false;  // also if an operation further on drops the record
  };
  struct Link {
    std::unique_ptr<RecordOp> op;
    async::Duration timeout;
    const char* name;
  };

  std::vector<Link> ops_;
  RecordView view_;
};

}  // namespace leat::pipelines
