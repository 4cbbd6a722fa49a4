#include "pipelines/stages/sink/count.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pipelines/expr/json_key.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"

namespace leat::pipelines {

namespace {

/// count: prints, at the end, {"count":N}; with `by=` a line {"key":…,"count":N} for each output of the
/// program, the most frequent first. Failed records count like others, with the key null
/// where the program gives none for them. One that it fails for fails here.
class Count final : public Sink {
 public:
  Count(const CountArgs& args, RunContext& context);
  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;
  [[nodiscard]] std::uint64_t ended() const override { return all_; }
  [[nodiscard]] StageLoad load() const override;

 private:
  /// A key as it came first, and how often it came.
  struct Counted {
    std::string shown;
    std::uint64_t count = 0;
  };

  /// False for a record that goes into the on-error block instead.
  bool add(Record& record, bool has_block);
  Status keys_of(const Record& record);
  [[nodiscard]] std::string text() const;

  CountArgs args_;
  RunContext& context_;
  std::optional<Program> by_;
  io::OutputWriter* output_ = nullptr;
  RecordView view_;
  JsonTexts outputs_;
  JsonKey json_key_;
  std::map<std::string, Counted> counts_;  // by their keys
  std::uint64_t all_ = 0;
  std::uint64_t failed_ = 0;  // here
  std::vector<Ticket> kept_;  // what the journal waits for until the sums are printed
};

}  // namespace

Count::Count(const CountArgs& args, RunContext& context) : args_(args), context_(context) {
  if (!args.by.empty()) by_.emplace(args.by);
}

std::vector<const Program*> Count::programs() const {
  if (!by_) return {};
  return {&*by_};
}

Status Count::open() {
  auto opened = context_.outputs.open(args_.to);
  if (!opened) return opened.error();
  output_ = &(*opened)->writer();
  return std::nullopt;
}

async::Task<Status> Count::run(RecordReceiver in) {
  const auto block = std::exchange(on_error_, std::nullopt);
  for (;;) {
    auto record = co_await in.next();
    if (!record) break;
    if (!add(**record, block.has_value())) {
      RecordSender into = *block;
      co_await into.send(std::move(*record));
      continue;
    }
    context_.failures.add(context_.failures.note(**record));
    if ((*record)->ticket.family()) kept_.push_back((*record)->ticket.share());
    (*record)->ticket.settle((*record)->outcome);
  }
  std::string shown = text();
  context_.secrets.hide(shown);
  output_->append_now(shown);
  output_->flush();
  auto draining = output_->drain();
  co_await std::move(draining);
  if (output_->state() != io::OutputState::open) co_return std::nullopt;
  for (auto& ticket : kept_) ticket.settle(Outcome::skipped);
  co_return std::nullopt;
}

bool Count::add(Record& record, bool has_block) {
  Status error = by_ ? keys_of(record) : std::nullopt;
  if (error && !record.failed()) {
    ++failed_;
    record.fail(std::move(*error), "count");
    record.error_handled = has_block;
    if (has_block) return false;
    context_.report_failure(record);
  }
  ++all_;
  if (error) outputs_.add("null");
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    std::string key;
    json_key_.append(key, outputs_[i]);
    auto& counted = counts_[std::move(key)];
    if (counted.count++ == 0) counted.shown = outputs_[i];
  }
  return true;
}

Status Count::keys_of(const Record& record) {
  const auto started = std::chrono::steady_clock::now();
  view_.look_at(record);
  auto error = by_->outputs(record, view_, outputs_);
  const bool late = timeout_.count() > 0 && std::chrono::steady_clock::now() - started > timeout_;
  if (!error && late) error = late_error(timeout_);
  if (error) outputs_.clear();
  return error;
}

StageLoad Count::load() const {
  StageLoad load(StageRole::sink);
  load.failed = failed_;
  return load;
}

std::string Count::text() const {
  if (!by_) return "{\"count\":" + std::to_string(all_) + "}\n";
  std::vector<const Counted*> rows;
  for (const auto& [key, counted] : counts_) rows.push_back(&counted);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Counted* a, const Counted* b) { return a->count > b->count; });
  std::string text;
  for (const auto* row : rows) {
    text += "{\"key\":" + row->shown + ",\"count\":" + std::to_string(row->count) + "}\n";
  }
  return text;
}

namespace {

std::optional<std::string> verify_count(const BoundStage& stage) {
  if (stage.find("by") != nullptr) return std::nullopt;
  for (const std::string key : {"on-error", "timeout"}) {
    if (stage.find(key) != nullptr)
      return "\"count\" takes " + key + "= together with by=: to count takes no time, and never fails";
  }
  return std::nullopt;
}

}  // namespace

const StageRow& row_of(const CountArgs& /*args*/) noexcept {
  static const StageType<CountArgs> row({
      .signature = {.name = "count",
                    .kind = StageKind::sink,
                    .help = "prints how many records there were, at the end",
                    .example = "lines \"urls.txt\" | fetch | count by=(.status)",
                    .verify = verify_count},
      .args = {arg<&CountArgs::by>(
                   program_row("by", "one count for each output of the program (default one for all)")),
               asked_row("by"),
               arg<&CountArgs::to>({.key = "to",
                                    .name = "FILE",
                                    .type = ArgType::path,
                                    .help = "the file to write to; - is standard output (default -)"})},
      .make = make_stage<Sink, Count, CountArgs>,
      .facts =
          [](const CountArgs& args) {
            return StageFacts{.reads_body = program_reads_body(args.by), .ends_by_itself = true, .reach = 0};
          },
      .notes = [](const CountArgs& args) { return program_note(args.by); },
  });
  return row;
}

}  // namespace leat::pipelines
