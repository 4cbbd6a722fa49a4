#pragma once

#include <memory>
#include <string>
#include <vector>

#include "pipelines/expr/template.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/arg_values.hpp"

namespace leat::pipelines {

class StageRow;

/// The arguments of `set`: the places of a record that get new values.
struct SetArgs {
  Changes changes;
};
[[nodiscard]] const StageRow& row_of(const SetArgs& args) noexcept;

/// set: gives places of the record (see `assign`) new values: the first output of a program, or a template's
/// text. A program without output leaves its place as it is. All values are those of the record as it came.
class Set final : public RecordOp {
 public:
  /// The templates have been checked; secrets are there.
  explicit Set(const Changes& changes);
  explicit Set(const SetArgs& args) : Set(args.changes) {}
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  struct Change {
    std::string place;
    std::unique_ptr<Program> program;  // or else
    std::optional<Template> text;
    bool names_origin = false;  // of a URL whose origin the user wrote, whatever its fields say
  };
  Status value(const Change& change, const Record& record, RecordView& view, std::string& out);

  std::vector<Change> changes_;
  std::vector<std::string> values_;  // JSON; empty: leave it
  JsonTexts outputs_;
};

/// Whether one of the new values is made of the body.
[[nodiscard]] bool read_body(const Changes& changes);
/// What each of them needs, as `leat check` explains it.
[[nodiscard]] std::string notes_of(const Changes& changes);

}  // namespace leat::pipelines
