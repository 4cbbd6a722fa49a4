#include "pipelines/stages/record/exec.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/io/process.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/workers.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/item.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/stages/record/run_command.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/line_splitter.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostPrinted = 16u << 20;
constexpr async::Duration kForever = std::chrono::hours(24 * 365);
constexpr async::Duration kShortGrace = std::chrono::milliseconds(50);  // of a command, at the second signal

/// exec: runs a command for each record, `n` at once; no shell. What it prints, without the last newline, is
/// `.meta.exec`. exec_failed if it can't be started, ends with another status than 0 or by a signal, or
/// prints more than 16 MiB; timeout if it takes longer than that; stopped when the run ends. With as=records
/// each line that it prints is a record as soon as it is printed, an object as each makes one, and the one it
/// ran for is done when the command is.
class Exec final : public Stage {
 public:
  Exec(const ExecArgs& args, RunContext& context);

  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return places_.load(); }
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  /// What a command's lines become.
  struct Children {
    LineSplitter lines{kMostPrinted};
    std::uint64_t number = 0;  // of the last line
    std::uint32_t made = 0;
    JsonDoc doc;
  };

  async::Task<std::optional<RecordPtr>> pull();
  /// What becomes of one record: it itself, or nothing once its children have all been sent.
  async::Task<RecordPtr> work(RecordPtr record);
  async::Task<Status> execute(Record& record, Children& children);
  /// Sends the lines that end in what was printed, at the end also the last one. False if nobody wants them.
  async::Task<bool> send_lines(Record& parent, Children& children, std::string_view printed, bool at_end);
  static RecordPtr record_of(const LineSplitter::Line& line, const Record& parent, Children& children);
  Status prepare(Record& record, std::vector<std::string>& argv, std::string& input);

  ExecArgs args_;
  RunContext& context_;
  Places places_;
  std::uint64_t maker_;
  std::vector<Template> argv_;
  std::optional<Program> input_;
  RecordView view_;
  RecordReceiver in_;
  RecordSender children_;  // only with as=records, and while it runs
  JsonTexts outputs_;
};

}  // namespace

Exec::Exec(const ExecArgs& args, RunContext& context)
    : args_(args),
      context_(context),
      places_(args.n > 0 ? args.n : default_commands_at_once()),
      maker_(context.next_maker()) {
  for (const auto& text : args.argv) argv_.push_back(compile_template(text));
  if (args.input) input_.emplace(args.input->text);
}

std::vector<const Program*> Exec::programs() const {
  if (!input_) return {};
  return {&*input_};
}

async::Task<Status> Exec::run(RecordReceiver in, RecordSender out) {
  in_ = std::move(in);
  if (args_.as_records) children_ = out;
  const Closing closing(children_);
  async::AsCompleted<RecordPtr, RecordPtr> results(
      places_.all(), [this] { return pull(); }, [this](RecordPtr record) { return work(std::move(record)); },
      "exec");
  auto passing = pass_on(results, in_, std::move(out));
  co_await std::move(passing);
  co_return std::nullopt;
}

async::Task<std::optional<RecordPtr>> Exec::pull() {
  auto record = co_await in_.next();
  co_return std::move(record);
}

async::Task<RecordPtr> Exec::work(RecordPtr record) {
  if (!record->is_live()) co_return std::move(record);
  const Places::Use use(places_);
  Children children;
  auto executing = execute(*record, children);
  auto error = co_await std::move(executing);
  if (error) record->fail(std::move(*error), "exec");
  if (error || !args_.as_records) co_return std::move(record);
  record->ticket.settle(children.made == 0 ? Outcome::skipped : Outcome::ok);
  co_return nullptr;
}

async::Task<Status> Exec::execute(Record& record, Children& children) {
  std::vector<std::string> argv;
  std::string input;
  auto error = prepare(record, argv, input);
  if (error) co_return error;
  if (context_.stopping) co_return Error(Errc::cancelled, context_.stop_reason);
  const async::Duration limit = args_.timeout.count() > 0 ? args_.timeout : kForever;
  std::function<async::Duration()> grace = [this] {
    return context_.hurry ? kShortGrace : io::Process::kGrace;
  };
  io::TakeOutput take;
  if (args_.as_records) {
    take = [this, &record, &children](const std::string& piece) {
      return send_lines(record, children, piece, false);
    };
  }
  auto running = run_command(context_.loop, std::move(argv), std::move(input), limit, kMostPrinted,
                             std::move(grace), std::move(take));
  Result<std::string> result = Error(Errc::cancelled, context_.stop_reason);
  try {
    InFlight::Entry entry(context_.in_flight);
    if (args_.as_records) entry.never_ends();
    entry.started(context_.loop.now());
    result = co_await std::move(running);
    if (args_.as_records && result.ok()) {
      auto sending = send_lines(record, children, {}, true);
      co_await std::move(sending);
    }
  } catch (const async::Cancelled&) {
    co_return Error(Errc::cancelled, context_.stop_reason);
  }
  if (!result) co_return std::move(result.error());
  if (args_.as_records) co_return std::nullopt;
  co_return assign_meta(record, "exec", json_text(*result));
}

// An object is an item, and any other line what it is in a list. Null for a blank line and a comment.
RecordPtr Exec::record_of(const LineSplitter::Line& line, const Record& parent, Children& children) {
  auto born = descend(parent, children.made);
  if (line.too_long) {
    born->fail(Error(Errc::bad_input, fmt::format("line {} of the output is longer than {} bytes",
                                                  children.number, kMostPrinted)),
               "exec");
    return born;
  }
  if (text::trimmed(line.text).starts_with('{')) {
    if (auto error = take_json_item(*born, line.text, children.doc, base_url(parent)))
      born->fail(std::move(*error), "exec");
    return born;
  }
  auto read = parse_line(line.text, children.number, children.doc);
  if (read == nullptr) return nullptr;
  born->request.url = std::move(read->request.url);
  born->input = std::move(read->input);
  born->output = std::move(read->output);
  born->mirrors = std::move(read->mirrors);
  if (read->error) born->fail(std::move(*read->error), "exec");
  return born;
}

async::Task<bool> Exec::send_lines(Record& parent, Children& children, std::string_view printed,
                                   bool at_end) {
  children.lines.feed(printed);
  for (;;) {
    auto line = children.lines.next();
    if (!line && at_end) line = children.lines.finish();
    if (!line) co_return true;
    ++children.number;
    auto born = record_of(*line, parent, children);
    if (born == nullptr) continue;
    ++children.made;
    be_born(context_, *born, maker_);
    const bool wanted = co_await children_.send(std::move(born));
    if (!wanted) co_return false;
  }
}

Status Exec::prepare(Record& record, std::vector<std::string>& argv, std::string& input) {
  view_.look_at(record);
  for (const auto& text : argv_) {
    std::string word;
    if (auto error = text.expand(view_, word)) return error;
    argv.push_back(std::move(word));
  }
  if (!input_) return std::nullopt;
  if (auto error = input_->outputs(record, view_, outputs_)) return error;
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    JsonDoc doc;
    doc.parse(outputs_[i]);
    if (i > 0) input += '\n';
    input += doc.root().is(JsonKind::string) ? doc.root().text() : std::string(outputs_[i]);
  }
  return std::nullopt;
}

namespace {

Argument<ExecArgs> stdin_arg() {
  return {program_row("stdin", "what the command reads: the outputs with newlines between (default nothing)"),
          [](const ArgReader& reader, const ArgRow& row, ExecArgs& args) {
            reader.read(row.key, args.input.emplace().text);
          }};
}

constexpr std::array<std::string_view, 1> kRecords{"records"};

Argument<ExecArgs> as_arg() {
  return {
      {.key = "as",
       .name = "records",
       .type = ArgType::word,
       .help = "make a record of each line that it prints: a URL, or an object with its url, what else is in "
               "it goes into meta (default: its output is .meta.exec)",
       .choices = kRecords},
      [](const ArgReader&, const ArgRow&, ExecArgs& args) { args.as_records = true; }};
}

StageFacts facts_of(const ExecArgs& args) {
  const bool reads_body = (args.input && program_reads_body(args.input->text)) ||
                          std::any_of(args.argv.begin(), args.argv.end(), template_reads_body);
  return {.reads_body = reads_body,
          .ends_by_itself = true,
          .reach = kAnyReach,
          .url = args.as_records ? UrlUse::of_others : UrlUse::stays,
          .runs_commands = true};
}

std::string notes_of(const ExecArgs& args) {
  std::string notes = fmt::format("{} at once", args.n > 0 ? args.n : default_commands_at_once());
  for (const auto& word : args.argv) add_note(notes, template_note(word));
  if (args.input) add_note(notes, program_note(args.input->text));
  return notes;
}

}  // namespace

const StageRow& row_of(const ExecArgs& /*args*/) noexcept {
  static const StageType<ExecArgs> row({
      .signature = {.name = "exec",
                    .kind = StageKind::stage,
                    .help = "runs a command for each record, without a shell; what it prints is .meta.exec",
                    .example = "lines \"urls.txt\" | fetch | exec wc -c stdin=(.body) timeout=10s"},
      .args =
          {arg<&ExecArgs::argv>({.name = "WORD",
                                 .type = ArgType::temp,
                                 .help = "the command, then its arguments, each with fields of the record",
                                 .required = true,
                                 .repeatable = true,
                                 .check = check_text}),
           stdin_arg(), as_arg(),
           arg<&ExecArgs::timeout>({.key = "timeout",
                                    .name = "T",
                                    .type = ArgType::duration,
                                    .help = "a command that takes longer is stopped and fails (default none)",
                                    .least = 1}),
           arg<&ExecArgs::n>({.key = "n",
                              .name = "N",
                              .type = ArgType::count,
                              .help = "commands at once (default as many as there are processors)",
                              .least = 1,
                              .most = 65535})},
      .make = make_stage<Stage, Exec, ExecArgs>,
      .facts = facts_of,
      .notes = notes_of,
  });
  return row;
}

}  // namespace leat::pipelines
