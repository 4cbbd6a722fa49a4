#include "pipelines/stages/sink/write.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/event.hpp"
#include "engine/io/output_writer.hpp"
#include "engine/io/terminal.hpp"
#include "engine/text/visible.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/stages/sink/line_format.hpp"

namespace leat::pipelines {

namespace {

/// write: a line for each record, handed to the outputs as soon as nothing is ready behind it.
///
/// A record's ticket is settled when its line is through to all outputs. Once the first is closed or has
/// failed it ends, which cancels the stages before it, and what they had counts as cancelled. A record that a
/// template can't show, since it has failed before or lacks a field, is reported on standard error, as
/// failed; one that lacks a field goes into the on-error block, if there is one.
class Write final : public Sink {
 public:
  Write(WriteArgs args, RunContext& context);

  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  void settle() override;
  [[nodiscard]] std::uint64_t ended() const override { return ended_; }
  [[nodiscard]] StageLoad load() const override;

 private:
  struct Pending {
    Pending(std::uint64_t e, Outcome o, FailureTally::Note n, Ticket t, Acknowledgement::Claim c) noexcept
        : end(e), outcome(o), failure(n), ticket(std::move(t)), claim(std::move(c)) {}
    std::uint64_t end;                     // of its line in the first output, in bytes since the start
    std::vector<std::uint64_t> more_ends;  // the same in the others
    Outcome outcome;
    FailureTally::Note failure;
    Ticket ticket;
    Acknowledgement::Claim claim;  // until the line is written
  };
  static constexpr std::size_t kSettleEvery = 256;

  [[nodiscard]] io::OutputWriter* crowded() const noexcept;
  [[nodiscard]] bool is_over() const noexcept;
  async::Task<Status> write_all(RecordReceiver in);
  async::Task<void> acknowledge();
  void put_head();
  void flush();
  /// False for a record that goes into the on-error block instead.
  bool append(Record& record, bool has_block);
  void wait_for_end(Record& record);
  [[nodiscard]] bool is_through(const Pending& pending, std::uint64_t written) const;
  void put(std::string_view text);

  WriteArgs args_;
  std::unique_ptr<LineFormat> format_;
  RunContext& context_;
  std::vector<io::OutputWriter*> outputs_;
  std::deque<Pending> pending_;
  std::optional<async::Event> something_pending_;
  bool shows_controls_ = false;  // since it writes to a terminal
  std::uint64_t ended_ = 0;
  std::uint64_t failed_ = 0;  // that their line could not be made of
};

}  // namespace

Write::Write(WriteArgs args, RunContext& context)
    : args_(std::move(args)), format_(make_line_format(args_)), context_(context) {}

Status Write::open() {
  for (const auto& path : args_.to) {
    auto opened = context_.outputs.open(path);
    if (!opened) return opened.error();
    outputs_.push_back(*opened);
    const bool is_own = path == "-" && io::terminal_traits(STDOUT_FILENO).is_terminal;
    shows_controls_ = shows_controls_ || (is_own && !format_->is_for_terminals());
  }
  return std::nullopt;
}

// The journal is told as soon as lines are through, not only when the next record comes.
async::Task<void> Write::acknowledge() {
  for (;;) {
    while (pending_.empty()) {
      something_pending_.emplace();
      co_await something_pending_->wait();
    }
    for (auto* output : outputs_) {
      auto draining = output->drain();
      co_await std::move(draining);
    }
    settle();
  }
}

async::Task<Status> Write::run(RecordReceiver in) {
  auto writing = write_all(std::move(in));
  if (context_.journal == nullptr) return writing;
  return async::beside(std::move(writing), acknowledge(), "write.acknowledge");
}

async::Task<Status> Write::write_all(RecordReceiver in) {
  put_head();
  const auto block = std::exchange(on_error_, std::nullopt);
  for (;;) {
    auto record = in.try_next();
    if (!record) {
      flush();
      settle();
      record = co_await in.next();
      if (!record) break;
    }
    while (auto* output = crowded()) {
      output->flush();
      auto waiting = output->wait_for_room();
      co_await std::move(waiting);
    }
    if (is_over()) {
      context_.ledger.count_dropped_as(Outcome::cancelled);
      break;
    }
    if (append(**record, block.has_value())) continue;
    RecordSender into = *block;
    co_await into.send(std::move(*record));
  }
  flush();
  for (auto* output : outputs_) {
    auto draining = output->drain();
    co_await std::move(draining);
  }
  settle();
  co_return std::nullopt;
}

io::OutputWriter* Write::crowded() const noexcept {
  for (auto* output : outputs_) {
    if (!output->has_room()) return output;
  }
  return nullptr;
}

void Write::flush() {
  for (auto* output : outputs_) output->flush();
}

void Write::put_head() {
  const auto head = format_->head();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (!head.empty() && !context_.outputs.has_lines(args_.to[i])) outputs_[i]->append_now(head);
  }
}

// What a server sent may hold what steers a terminal.
void Write::put(std::string_view text) {
  std::string visible;
  if (shows_controls_) text = visible = text::made_visible(text);
  std::string shown;
  if (!context_.secrets.empty()) {
    shown = text;
    if (context_.secrets.hide(shown)) text = shown;
  }
  for (auto* output : outputs_) {
    if (!text.empty()) output->append_now(text);
  }
}

bool Write::is_over() const noexcept { return outputs_.front()->state() != io::OutputState::open; }

bool Write::append(Record& record, bool has_block) {
  const bool is_text = args_.format == WriteArgs::Format::text;
  auto line = is_text && record.error && !record.error_handled ? Result<std::string_view>(*record.error)
                                                               : format_->line(record);
  if (line) {
    put(*line);
  } else {
    if (!record.error) {
      record.fail(std::move(line.error()), "write");
      ++failed_;
      record.error_handled = has_block;
      if (has_block) return false;
    }
    context_.report_failure(record);
  }
  if (record.error && record.ticket.family()) record.ticket.family()->explain(record);
  wait_for_end(record);
  if (pending_.size() % kSettleEvery == 0) settle();
  return true;
}

StageLoad Write::load() const {
  StageLoad load;
  load.role = StageRole::sink;
  load.failed = failed_;
  load.no_room = crowded() != nullptr;
  return load;
}

void Write::wait_for_end(Record& record) {
  auto& pending =
      pending_.emplace_back(outputs_.front()->appended(), record.outcome, context_.failures.note(record),
                            std::move(record.ticket), context_.acknowledgement.claim());
  for (std::size_t i = 1; i < outputs_.size(); ++i) pending.more_ends.push_back(outputs_[i]->appended());
  if (something_pending_) something_pending_->set();
}

bool Write::is_through(const Pending& pending, std::uint64_t written) const {
  if (pending.end > written) return false;
  for (std::size_t i = 1; i < outputs_.size(); ++i) {
    const io::OutputWriter& output = *outputs_[i];
    if (output.state() == io::OutputState::open && output.written() < pending.more_ends[i - 1]) return false;
  }
  return true;
}

void Write::settle() {
  if (outputs_.empty()) return;
  const bool over = is_over();  // before `written`, which stands still afterwards
  const std::uint64_t written = outputs_.front()->written();
  while (!pending_.empty() && is_through(pending_.front(), written)) {
    Pending& through = pending_.front();
    context_.failures.add(through.failure);
    through.ticket.settle(through.outcome);
    pending_.pop_front();
    ++ended_;
  }
  if (over) {
    context_.ledger.count_dropped_as(Outcome::cancelled);
    pending_.clear();
  }
}

namespace {

using Format = WriteArgs::Format;

constexpr std::array<std::string_view, 4> kFormats{"json", "csv", "tsv", "text"};  // as in Format
constexpr std::array<std::string_view, 3> kColours{"auto", "always", "never"};     // as in Colour

Argument<WriteArgs> format_arg() {
  return {{.name = "FORMAT",
           .type = ArgType::temp,
           .help = "json, csv, tsv, text (lines for people), or \"text with {fields}\" (default json)",
           .choices = kFormats,
           .check = check_text},
          [](const ArgReader& reader, const ArgRow& row, WriteArgs& args) {
            const BoundValue& value = reader.find(row.name)->value;
            const auto& text = std::get<std::string>(value.value);
            if (value.choice) {
              const auto at = std::find(kFormats.begin(), kFormats.end(), text) - kFormats.begin();
              args.format = static_cast<Format>(at);
            } else {
              args.format = Format::text;
              args.text = text;
            }
          }};
}

// What is missing is null in a line of JSON or of a table; only a template needs it.
std::optional<std::string> verify_write(const BoundStage& stage) {
  const StageArgs bound = row_of(WriteArgs()).bind(stage);
  const bool is_text = bound.get_if<WriteArgs>()->format == Format::text;
  if (is_text || stage.find("on-error") == nullptr) return std::nullopt;
  return "\"write\" takes on-error= together with \"text with {fields}\": no record fails in json, csv or "
         "tsv";
}

StageFacts facts_of(const WriteArgs& args) {
  const bool reads_body = template_reads_body(args.text) ||
                          std::any_of(args.fields.begin(), args.fields.end(), path_reads_body) ||
                          std::any_of(args.include.begin(), args.include.end(), path_reads_body);
  return {.reads_body = reads_body, .ends_by_itself = true, .reach = 0};
}

}  // namespace

const StageRow& row_of(const WriteArgs& /*args*/) noexcept {
  static const StageType<WriteArgs> row({
      .signature = {.name = "write",
                    .kind = StageKind::sink,
                    .help = "prints a line for each record",
                    .example = "lines \"urls.txt\" | fetch | write csv fields=url,status",
                    .verify = verify_write,
                    .refuses = {.timeout = "a line waits for its reader",
                                .n = "it writes one line after the other"}},
      .args = {format_arg(),
               arg<&WriteArgs::fields>(
                   {.key = "fields",
                    .name = "LIST",
                    .type = ArgType::list,
                    .help = "only these fields: url,status,meta.k (default a result's own)",
                    .check = check_fields}),
               arg<&WriteArgs::include>({.key = "include",
                                         .name = "LIST",
                                         .type = ArgType::list,
                                         .help = "also print these: body, headers, json (default none)",
                                         .check = check_include}),
               arg<&WriteArgs::to>({.key = "to",
                                    .name = "FILE",
                                    .type = ArgType::path,
                                    .help = "the file to write to; - is standard output (default -)",
                                    .repeatable = true}),
               arg<&WriteArgs::colour>(
                   {.key = "color",
                    .name = "WHEN",
                    .type = ArgType::word,
                    .help = "colours in lines for people: auto, always or never (default auto)",
                    .choices = kColours})},
      .make = make_stage<Sink, Write, WriteArgs>,
      .facts = facts_of,
      .notes =
          [](const WriteArgs& args) {
            return args.text.empty() ? fields_note(args.fields) : template_note(args.text);
          },
  });
  return row;
}

}  // namespace leat::pipelines
