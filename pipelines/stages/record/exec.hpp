#pragma once

#include <string>
#include <vector>

#include "pipelines/expr/template.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/workers.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// exec: runs a command for each record, `n` at once; no shell. What it prints, without the last newline, is
/// `.meta.exec`. exec_failed if it can't be started, ends with another status than 0 or by a signal, or
/// prints more than 16 MiB; timeout if it takes longer than that; stopped when the run ends. With as=records
/// each line that it prints is a record, and the one it ran for is done.
class Exec final : public Stage {
 public:
  Exec(const ExecArgs& args, RunContext& context);

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return places_.load(); }
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  using Printed = std::vector<RecordPtr>;

  async::Task<std::optional<RecordPtr>> pull();
  async::Task<Printed> work(RecordPtr record);
  Printed to_records(RecordPtr record, const std::string& printed);
  async::Task<Status> execute(Record& record, std::string& printed);
  Status prepare(Record& record, std::vector<std::string>& argv, std::string& input);

  ExecArgs args_;
  RunContext& context_;
  Places places_;
  std::uint64_t maker_;
  std::vector<Template> argv_;
  std::optional<Program> input_;
  RecordView view_;
  RecordReceiver in_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
