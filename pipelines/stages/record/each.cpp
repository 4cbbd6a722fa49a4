#include "pipelines/stages/record/each.hpp"

#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pipelines/flow/births.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/flow/unwanted.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/item.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/stages/source/line_object.hpp"

namespace leat::pipelines {

namespace {

/// each: every output of the program becomes a record, see `take_item`; it has the parent's line and meta, or
/// what `meta=` gives in its place, and the parent's id as `parent`. The parent itself is done then: `ok`, or
/// `skipped` if there was no output.
class Each final : public Stage, public LeavesOut {
 public:
  Each(const EachArgs& args, Births& births)
      : program_(args.program), request_(args.request), inherits_(args.inherits), births_(births) {
    if (!args.meta.empty()) meta_program_.emplace(args.meta);
  }

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  void leave_out(const Unwanted& unwanted) noexcept override { unwanted_ = &unwanted; }
  [[nodiscard]] std::vector<const Program*> programs() const override {
    if (meta_program_) return {&program_, &*meta_program_};
    return {&program_};
  }

 private:
  Status look_at(const Record& parent);
  bool is_left_out(const Record& parent, std::string_view output);
  RecordPtr child(const Record& parent, std::uint32_t index);

  Program program_;
  std::optional<Program> meta_program_;
  const bool request_;
  const bool inherits_;
  std::string meta_;  // that the children of the present record get, if they don't inherit its own
  Births& births_;
  const Unwanted* unwanted_ = nullptr;
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
      auto error = look_at(parent);
      if (error) parent.fail(std::move(*error), "each");
      watch.check(parent, "each");
    }
    if (parent.failed()) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
      continue;
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      if (is_left_out(parent, outputs_[i])) continue;
      const bool wanted = co_await emitter.emit(child(parent, static_cast<std::uint32_t>(i)));
      if (!wanted) co_return std::nullopt;
    }
    parent.ticket.settle(outputs_.empty() ? Outcome::skipped : Outcome::ok);
  }
}

Status Each::look_at(const Record& parent) {
  view_.look_at(parent);
  if (meta_program_) {
    if (auto error = meta_program_->outputs(parent, view_, outputs_)) return error;
    meta_ = outputs_.empty() ? std::string() : std::string(outputs_[0]);
    if (meta_ == "null") meta_.clear();
    if (!meta_.empty() && !meta_.starts_with('{')) {
      return Error(Errc::filter_error, "meta= gives children an object or null, and this gave neither");
    }
  }
  return program_.outputs(parent, view_, outputs_);
}

// Most links of a page lead to pages that a crawl has. They are counted as if a record had been made and
// dropped.
bool Each::is_left_out(const Record& parent, std::string_view output) {
  if (unwanted_ == nullptr || output.size() < 2 || output.front() != '"') return false;
  if (!unwanted_->is_unwanted(output.substr(1, output.size() - 2))) return false;
  ++births_.last_id;
  births_.ledger.take(parent.ticket.share()).settle(Outcome::skipped);
  return true;
}

RecordPtr Each::child(const Record& parent, std::uint32_t index) {
  auto record = descend(parent, index);
  if (!inherits_) {
    record->meta = meta_;
    record->inherited.clear();
  }
  doc_.parse(outputs_[index]);
  const auto take = request_ ? take_request : take_item;
  if (auto error = take(*record, doc_.root(), base_url(parent))) record->fail(std::move(*error), "each");
  return record;
}

namespace {

constexpr std::array<std::string_view, 1> kNone{"none"};

Argument<EachArgs> meta_arg() {
  return {{.key = "meta",
           .name = "(JQ)|none",
           .type = ArgType::jq,
           .help = "the meta that children begin with, an object (default the record's own). none: they have "
                   "none",
           .choices = kNone,
           .check = check_program},
          [](const ArgReader& reader, const ArgRow& row, EachArgs& args) {
            args.inherits = false;
            if (!reader.find(row.key)->value.choice) reader.read(row.key, args.meta);
          }};
}

std::string notes_of(const EachArgs& args) {
  std::string notes = program_note(args.program);
  add_note(notes, program_note(args.meta));
  return notes;
}

}  // namespace

const StageRow& row_of(const EachArgs& /*args*/) noexcept {
  static const StageType<EachArgs> row({
      .signature = {.name = "each",
                    .kind = StageKind::stage,
                    .help =
                        "makes a record of each output: a text is its URL; an object has its url, and what "
                        "else is in it goes into meta",
                    .example = "lines \"urls.txt\" | fetch | each ({url, from: .id})"},
      .args = {arg<&EachArgs::program>(program_row("", "the program", true)),
               arg<&EachArgs::request>(kRequestRow), meta_arg(), asked_row()},
      .make = make_stage<Stage, Each, EachArgs>,
      .facts =
          [](const EachArgs& args) {
            return StageFacts{.reads_body = program_reads_body(args.program) ||
                                            (!args.meta.empty() && program_reads_body(args.meta)),
                              .ends_by_itself = true,
                              .reach = kAnyReach,
                              .url = UrlUse::of_others};
          },
      .notes = notes_of,
  });
  return row;
}

}  // namespace leat::pipelines
