#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "pipelines/stages/program.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// How records are asked about.
struct AskOptions {
  AskOptions() = default;
  std::size_t ahead = 64;    // records at a time
  async::Duration limit{0};  // of one evaluation, which then is a timeout; 0: that of the run
  bool failed_too = false;   // the stage looks at records that have failed, too
};

/// Before a stage whose programs are libjq's: has them evaluated for some records at a time, and
/// keeps the records in order.
class Ask final : public Stage {
 public:
  Ask(std::vector<const Program*> programs, RunContext& context, AskOptions options = {});
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return StageLoad(StageRole::libjq); }

 private:
  /// Shared with its task, which may outlive `run` by a turn when that is cancelled.
  using Shared = std::shared_ptr<RecordPtr>;
  struct Asked {
    Shared record;
    async::TaskHandle<void> task;
  };
  class Waiting;

  void ask(std::deque<Asked>& waiting, RecordPtr record);
  async::Task<void> answer(Shared shared);

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
