#pragma once

#include <cstddef>
#include <vector>

#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// How records are asked about.
struct AskOptions {
  AskOptions() = default;
  std::size_t ahead = 256;   // records at a time
  async::Duration limit{0};  // of one evaluation, after which it fails with timeout; 0: the run's limit
  bool failed_too = false;   // the stage looks at records that have failed, too
  const char* name = "jq";   // the stage that a record fails in which is given up
};

/// Stands before a stage whose programs run in the worker's process. It has them evaluated for many records
/// at a time and keeps the records in order.
///
/// When the run is ended at once, its records end as cancelled. However it ends, the process works on nothing
/// of it any more.
class Ask final : public Stage {
 public:
  Ask(const std::vector<const Program*>& programs, RunContext& context, AskOptions options = {});
  /// Adds programs to ask at the same time. Is called before `run`.
  void add(const std::vector<const Program*>& programs);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return StageLoad(StageRole::libjq); }

 private:
  class Waiting;

  void ask(Waiting& waiting, RecordPtr record);
  async::Task<void> answer_first(Waiting& waiting);

  struct Question {
    const Program* program;
    std::size_t number;  // with the worker
  };
  std::vector<Question> questions_;
  RunContext& context_;
  AskOptions options_;
  RecordView view_;
};

}  // namespace leat::pipelines
