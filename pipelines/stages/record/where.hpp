#pragma once

#include <vector>

#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// where: passes a record on for which the program has an output that is neither false nor null.
class Where final : public RecordOp {
 public:
  explicit Where(const WhereArgs& args) : program_(args.program) {}
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&program_}; }

 private:
  Program program_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
