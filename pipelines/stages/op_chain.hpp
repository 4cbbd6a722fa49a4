#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "pipelines/stages/record_view.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// Operations on one record after the other, in one task.
class OpChain final : public Stage {
 public:
  void add(std::unique_ptr<RecordOp> op) { ops_.push_back(std::move(op)); }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  struct Verdicts {
    bool drop = false;
    bool last = false;  // also where an operation behind the one that says so drops the record
  };
  Verdicts apply(Record& record);

  std::vector<std::unique_ptr<RecordOp>> ops_;
  RecordView view_;
};

}  // namespace leat::pipelines
