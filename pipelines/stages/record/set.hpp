#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipelines/expr/template.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// set: gives places of the record (see `assign`) new values: the first output of a program, or a template's
/// text. A program without output leaves its place as it is. All values are those of the record as it came.
class Set final : public RecordOp {
 public:
  /// The templates have been checked; secrets are there.
  explicit Set(const SetArgs& args);
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  struct Change {
    std::string place;
    std::unique_ptr<Program> program;  // or else
    std::optional<Template> text;
  };
  Status value(const Change& change, const Record& record, RecordView& view, std::string& out);

  std::vector<Change> changes_;
  std::vector<std::string> values_;  // JSON; empty: leave it
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
