#pragma once

#include <optional>
#include <string>
#include <vector>

#include "pipelines/extract/extractor.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/program.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// extract: what a selector, a regular expression or a program finds in the body becomes an array in the
/// record's meta. See Extractor.
class Extract final : public RecordOp {
 public:
  /// The text has been checked.
  explicit Extract(const ExtractArgs& args);
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  Result<std::string> find(const Record& record, RecordView& view);

  ExtractArgs args_;
  std::optional<Extractor> extractor_;
  std::optional<Program> program_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
