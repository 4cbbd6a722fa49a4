#include "pipelines/stages/record/where.hpp"

#include <utility>
#include <vector>

#include "pipelines/expr/truth.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"

namespace leat::pipelines {

namespace {

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

}  // namespace

RecordOp::Verdict Where::apply(Record& record, RecordView& view) {
  if (auto error = program_.outputs(record, view, outputs_)) {
    record.fail(std::move(*error), "where");
    return Verdict::pass;
  }
  return is_true(outputs_) ? Verdict::pass : Verdict::drop;
}

const StageRow& row_of(const WhereArgs& /*args*/) noexcept {
  static const StageType<WhereArgs> row({
      .signature = {.name = "where",
                    .kind = StageKind::record,
                    .help = "passes on the records for which the program is true",
                    .example = "lines \"urls.txt\" | fetch | where (.status == 200)"},
      .args = {arg<&WhereArgs::program>(program_row("", "the program", true)), asked_row()},
      .make = make_alone<RecordOp, Where, WhereArgs>,
      .facts =
          [](const WhereArgs& args) {
            return StageFacts{
                .reads_body = program_reads_body(args.program), .ends_by_itself = true, .reach = 0};
          },
      .notes = [](const WhereArgs& args) { return program_note(args.program); },
  });
  return row;
}

}  // namespace leat::pipelines
