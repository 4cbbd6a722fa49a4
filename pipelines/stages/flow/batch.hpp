#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/flow/emitter.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

/// batch: one record for every `n`, whose `.meta.batch` is the array of theirs (each as it would be printed,
/// with its body where one is held), and `.meta.size` how many they are.
///
/// A batch is full at `n`, and goes on as it is when `within` has passed since its first record, and at the
/// end; with a shorter `timeout` it fails then. Its members are done when they are in it, for the journal
/// when the batch is; one that has failed goes on by itself.
class Batch final : public Stage {
 public:
  Batch(const BatchArgs& args, RunContext& context) : args_(args), context_(context) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  void add(RecordPtr record);
  void join(const Record& record);
  RecordPtr take();

  [[nodiscard]] bool is_too_long() const noexcept {
    return timeout_.count() > 0 && (args_.within.count() == 0 || timeout_ < args_.within);
  }

  BatchArgs args_;
  async::Duration wait_{0};  // for a batch to fill; 0: however long
  RunContext& context_;
  RecordView view_;
  RecordPtr made_;                         // from its first member on
  std::shared_ptr<JoinedEntries> joined_;  // what the journal has of the members
  std::string members_;
  std::size_t size_ = 0;
  async::TimePoint due_;
};

}  // namespace leat::pipelines
