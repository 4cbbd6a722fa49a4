#pragma once

#include <vector>

#include "pipelines/flow/emitter.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// each: every output of the program becomes a record, see `fill`; it has the parent's meta and line, and the
/// parent's id as `parent`. The parent itself is done then: `ok`, or `skipped` if there was no output.
class Each final : public Stage {
 public:
  Each(const EachArgs& args, RunContext& context) : program_(args.program), context_(context) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&program_}; }

 private:
  RecordPtr child(const Record& parent, std::uint32_t index);

  Program program_;
  RunContext& context_;
  RecordView view_;
  JsonTexts outputs_;
  JsonDoc doc_;
};

}  // namespace leat::pipelines
