#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pipelines/extract/extractor.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// extract: what a selector, a regular expression or a program finds in the body becomes an array in the
/// record's meta. See Extractor.
///
/// Neighbours share the parsed page. Where that is large they work on it in the pool. XPath, which may take
/// for ever on a few thousand nodes, runs in the process where it can be stopped.
class Extract final : public RecordOp {
 public:
  /// The text has been checked.
  explicit Extract(const ExtractArgs& args);
  /// It is to run where a neighbour's XPath does, so that the page is parsed once. Before any record.
  void run_elsewhere();

  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] bool is_long(const Record& record) const noexcept override;
  async::Task<void> prepare(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  Result<std::string> find(const Record& record, RecordView& view);

  ExtractArgs args_;
  std::shared_ptr<const Extractor> extractor_;  // a thread may outlive the stage
  std::optional<Program> program_;
  std::optional<Result<std::string>> prepared_;
  JsonTexts outputs_;
};

/// Whether that stage is an extractor by CSS with one by XPath among its neighbours, which is asked elsewhere
/// about the same page.
[[nodiscard]] bool is_beside_xpath(const std::vector<PlannedStage>& stages, std::size_t at);

}  // namespace leat::pipelines
