#include "pipelines/stages/record/each.hpp"

#include <utility>
#include <vector>

#include "pipelines/flow/births.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

namespace {

/// each: every output of the program becomes a record, see `fill`; it has the parent's meta and line, and the
/// parent's id as `parent`. The parent itself is done then: `ok`, or `skipped` if there was no output.
class Each final : public Stage {
 public:
  Each(const EachArgs& args, Births& births) : program_(args.program), births_(births) {}

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&program_}; }

 private:
  RecordPtr child(const Record& parent, std::uint32_t index);

  Program program_;
  Births& births_;
  RecordView view_;
  JsonTexts outputs_;
  JsonDoc doc_;
};

}  // namespace

async::Task<Status> Each::run(RecordReceiver in, RecordSender out) {
  Emitter emitter(births_, out);
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    Record& parent = **record;
    if (!parent.failed()) {
      const LateWatch watch(timeout_);
      view_.look_at(parent);
      auto error = program_.outputs(parent, view_, outputs_);
      if (error) parent.fail(std::move(*error), "each");
      watch.check(parent, "each");
    }
    if (parent.failed()) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
      continue;
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const bool wanted = co_await emitter.emit(child(parent, static_cast<std::uint32_t>(i)));
      if (!wanted) co_return std::nullopt;
    }
    parent.ticket.settle(outputs_.empty() ? Outcome::skipped : Outcome::ok);
  }
}

RecordPtr Each::child(const Record& parent, std::uint32_t index) {
  auto record = descend(parent, index);
  doc_.parse(outputs_[index]);
  if (auto error = fill(*record, doc_.root(), base_url(parent))) record->fail(std::move(*error), "each");
  return record;
}

const StageRow& row_of(const EachArgs& /*args*/) noexcept {
  static const StageType<EachArgs> row({
      .signature = {.name = "each",
                    .kind = StageKind::stage,
                    .help = "makes a record of each output: a text is its URL, an object its fields",
                    .example = "lines \"urls.txt\" | fetch | each ({url, from: .id})"},
      .args = {arg<&EachArgs::program>(program_row("", "the program", true)), asked_row()},
      .make = make_stage<Stage, Each, EachArgs>,
      .facts =
          [](const EachArgs& args) {
            return StageFacts{
                .reads_body = program_reads_body(args.program), .ends_by_itself = true, .reach = kAnyReach};
          },
      .notes = [](const EachArgs& args) { return program_note(args.program); },
  });
  return row;
}

}  // namespace leat::pipelines
