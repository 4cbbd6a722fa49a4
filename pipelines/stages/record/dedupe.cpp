#include "pipelines/stages/record/dedupe.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <utility>
#include <vector>

#include "pipelines/expr/json_key.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stage_memory.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBatch = 64;  // records that the disk is asked about at once

// What came of it, if a kill comes now, would have to be fetched again.
bool was_fetched(const Record& record) { return record.response.has_value(); }

/// dedupe: passes the first record of each key on, in memory that doesn't grow with the keys: see SeenKeys.
/// The others count as skipped; with `show` they go on to the end as that, with the reason.
class Dedupe final : public Stage {
 public:
  Dedupe(const DedupeArgs& args, RunContext& context);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&key_}; }

 private:
  /// A record that is looked at, and what is known of it.
  struct Looked {
    Looked(RecordPtr r, SeenKeys::Answer a) noexcept : record(std::move(r)), answer(a) {}
    RecordPtr record;
    SeenKeys::Answer answer;
  };

  [[nodiscard]] SeenKeys::Answer look_at(Record& record);
  async::Task<Status> ask(std::vector<Looked>& batch);
  [[nodiscard]] bool goes_on(Looked& looked) const;

  RunContext& context_;
  Program key_;
  const bool by_url_;
  const bool show_;
  SeenKeys seen_;
  RecordView view_;
  JsonTexts outputs_;
  JsonKey json_key_;
  std::string joined_;
};

}  // namespace

Dedupe::Dedupe(const DedupeArgs& args, RunContext& context)
    : context_(context),
      key_(args.by),
      by_url_(args.by == DedupeArgs().by),
      show_(args.show),
      seen_(context, args.memory) {}

async::Task<Status> Dedupe::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    std::vector<Looked> batch;
    while (record) {
      const auto answer = look_at(**record);
      batch.emplace_back(std::move(*record), answer);
      record.reset();
      if (batch.size() < kBatch) record = in.try_next();
    }
    auto asking = ask(batch);
    if (auto error = co_await std::move(asking)) co_return error;
    for (auto& looked : batch) {
      if (!goes_on(looked) || out.try_send(looked.record)) continue;
      const bool wanted = co_await out.send(std::move(looked.record));
      if (!wanted) co_return std::nullopt;
    }
  }
}

// What has failed passes.
SeenKeys::Answer Dedupe::look_at(Record& record) {
  if (record.failed()) return SeenKeys::Answer::first;
  const LateWatch watch(timeout_);
  view_.look_at(record);
  auto error = key_.outputs(record, view_, outputs_);
  if (error) record.fail(std::move(*error), "dedupe");
  watch.check(record, "dedupe");
  if (record.failed()) return SeenKeys::Answer::first;
  joined_.clear();
  json_key_.append(joined_, outputs_);
  return seen_.look(joined_, record.id);
}

async::Task<Status> Dedupe::ask(std::vector<Looked>& batch) {
  std::size_t open = 0;
  std::size_t fetched = 0;
  for (const auto& looked : batch) {
    if (looked.answer != SeenKeys::Answer::on_disk) continue;
    ++open;
    fetched += was_fetched(*looked.record) ? 1 : 0;
  }
  if (open == 0) co_return std::nullopt;
  const auto claim = context_.acknowledgement.claim(fetched);
  auto asking = seen_.ask(fetched > 0);
  auto answers = co_await std::move(asking);
  if (!answers.ok()) co_return std::move(answers.error());
  std::size_t next = 0;
  for (auto& looked : batch) {
    if (looked.answer != SeenKeys::Answer::on_disk) continue;
    looked.answer = (*answers)[next++] ? SeenKeys::Answer::first : SeenKeys::Answer::seen;
    if (was_fetched(*looked.record)) context_.acknowledgement.pass();
  }
  co_return std::nullopt;
}

bool Dedupe::goes_on(Looked& looked) const {
  if (looked.answer == SeenKeys::Answer::first) return true;
  Record& record = *looked.record;
  if (show_) {
    record.fail(Error(Errc::bad_input, by_url_ ? "its URL came before" : "its key came before"), "dedupe");
    record.outcome = Outcome::skipped;  // its error says why
  } else {
    record.ticket.settle(Outcome::skipped);
    looked.record.reset();  // an `ordered` further on waits for its end
  }
  return show_;
}

const StageRow& row_of(const DedupeArgs& /*args*/) noexcept {
  static const StageType<DedupeArgs> row({
      .signature = {.name = "dedupe",
                    .kind = StageKind::stage,
                    .help = "passes on the first record of each key",
                    .example = "lines \"urls.txt\" | dedupe by=(.url)"},
      .args = {arg<&DedupeArgs::by>(program_row("by", "the key (default (.url))")), asked_row("by"),
               arg<&DedupeArgs::memory>({.key = "memory",
                                         .name = "N",
                                         .type = ArgType::count,
                                         .help = "keys in memory; further keys are on disk (default 1000000)",
                                         .least = 1}),
               arg<&DedupeArgs::show>(
                   {.key = "show",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "dropped records go to the end as skipped, with the reason (default false)"})},
      .make = make_stage<Stage, Dedupe, DedupeArgs>,
      .facts =
          [](const DedupeArgs& args) {
            return StageFacts{.reads_body = program_reads_body(args.by), .ends_by_itself = true, .reach = 0};
          },
      .notes =
          [](const DedupeArgs& args) {
            std::string notes = fmt::format(
                "keeps 8 to 16 bytes for each key, up to {} keys; the rest is on disk", args.memory);
            add_note(notes, program_note(args.by));
            return notes;
          },
  });
  return row;
}

}  // namespace leat::pipelines
