#include "pipelines/stages/sink/write.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "engine/async/beside.hpp"
#include "engine/io/output_writer.hpp"
#include "engine/io/terminal.hpp"
#include "engine/text/csv_reader.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/visible.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/options/choices.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/outputs.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/result/table_fields.hpp"
#include "pipelines/stages/sink/line_format.hpp"
#include "pipelines/stages/sink/named_outputs.hpp"
#include "pipelines/stages/sink/pending_lines.hpp"
#include "pipelines/stages/sink/write_files.hpp"

namespace leat::pipelines {

namespace {

/// write: a line for each record, handed to the outputs as soon as nothing is ready behind it.
///
/// A record's ticket is settled when its line is through to all outputs. Once the first is closed or has
/// failed it ends, which cancels the stages before it, and what they had counts as cancelled. A failed record
/// that no line can tell from a good one is reported on standard error; so is one that a template can't show,
/// since it lacks a field, and which goes into the on-error block, if there is one.
class Write final : public Sink {
 public:
  Write(WriteArgs args, RunContext& context);

  Status open() override;
  async::Task<Status> run(RecordReceiver in) override;
  void settle() override;
  [[nodiscard]] std::uint64_t ended() const override { return pending_.settled(); }
  [[nodiscard]] StageLoad load() const override;

 private:
  static constexpr std::size_t kSettleEvery = 256;

  async::Task<Status> write_all(RecordReceiver in);
  async::Task<void> make_room();
  async::Task<void> acknowledge();
  Status begin(OutputGroup& group, const Record* first);
  [[nodiscard]] Status check_heading(OutputGroup& group, std::string_view heading) const;
  [[nodiscard]] char comma() const noexcept { return args_.format == WriteArgs::Format::tsv ? '\t' : ','; }
  [[nodiscard]] bool is_shown(const Record& record) const;
  /// False for a record that goes into the on-error block instead.
  bool append(Record& record, Status error, bool has_block);
  Status append_lines(const Record& record);
  void put(const OutputGroup& group, std::string_view text);

  WriteArgs args_;
  std::unique_ptr<LineFormat> format_;
  RunContext& context_;
  WriteFiles files_;
  std::vector<OutputGroup*> groups_;  // of the record at hand
  std::vector<std::string> lines_;    // theirs
  PendingLines pending_;
  bool shows_controls_ = false;  // since it writes to a terminal
  std::uint64_t failed_ = 0;     // that their line could not be made of
};

}  // namespace

Write::Write(WriteArgs args, RunContext& context)
    : args_(std::move(args)),
      format_(make_line_format(args_)),
      context_(context),
      files_(context.outputs),
      pending_(context) {}

Status Write::open() {
  const bool is_terminal = std::find(args_.to.begin(), args_.to.end(), "-") != args_.to.end() &&
                           io::terminal_traits(STDOUT_FILENO).is_terminal;
  shows_controls_ = is_terminal && !format_->is_for_terminals();
  if (auto error = files_.open(args_.to, args_.append ? Outputs::Standing::append : Outputs::Standing::empty))
    return error;
  return format_->has_open_columns() ? Status() : check_heading(files_.fixed(), format_->head({}));
}

// The journal, and a source that waits, are told as soon as lines are through, not only when the next record
// comes.
async::Task<void> Write::acknowledge() {
  for (;;) {
    auto waiting = pending_.wait_for_one();
    co_await std::move(waiting);
    auto draining = files_.drain();
    co_await std::move(draining);
    settle();
  }
}

async::Task<Status> Write::run(RecordReceiver in) {
  auto writing = write_all(std::move(in));
  if (context_.state == nullptr && !context_.source_waits) return writing;
  return async::beside(std::move(writing), acknowledge(), "write.acknowledge");
}

async::Task<Status> Write::write_all(RecordReceiver in) {
  if (!format_->has_open_columns()) {
    if (auto error = begin(files_.fixed(), nullptr)) co_return error;
  }
  const auto block = std::exchange(on_error_, std::nullopt);
  for (;;) {
    auto record = in.try_next();
    if (!record) {
      files_.flush();
      settle();
      record = co_await in.next();
      if (!record) break;
    }
    auto making = make_room();
    co_await std::move(making);
    if (files_.is_over()) {
      context_.ledger.count_dropped_as(Outcome::cancelled);
      break;
    }
    groups_.clear();
    Status error;
    if (is_shown(**record)) {
      auto finding = files_.find(**record, groups_);
      error = co_await std::move(finding);
      if (auto failure = files_.failure()) co_return failure;
    }
    if (append(**record, std::move(error), block.has_value())) continue;
    RecordSender into = *block;
    co_await into.send(std::move(*record));
  }
  if (auto error = begin(files_.fixed(), nullptr)) co_return error;
  files_.flush();
  auto draining = files_.drain();
  co_await std::move(draining);
  settle();
  co_return files_.failure();
}

async::Task<void> Write::make_room() {
  while (auto* output = files_.crowded()) {
    output->flush();
    auto waiting = output->wait_for_room();
    co_await std::move(waiting);
  }
}

// Files that had lines have their heading, which also says what their columns are.
Status Write::begin(OutputGroup& group, const Record* first) {
  if (group.begun) return std::nullopt;
  if (format_->has_open_columns()) {
    const auto had = std::find_if(group.files.begin(), group.files.end(),
                                  [](const OutputFile* file) { return file->had_lines(); });
    if (had != group.files.end() && args_.header) {
      group.columns = format_->columns_of((*had)->first_row(comma()));
    } else if (first != nullptr) {
      group.columns = format_->columns_of(*first);
    }
  }
  const auto head = format_->head(group.columns);
  if (auto error = check_heading(group, head)) return error;
  group.begun = true;
  if (head.empty()) return std::nullopt;
  for (auto* file : group.files) {
    if (!file->had_lines()) file->writer().append_now(head);
  }
  return std::nullopt;
}

// Rows that are added to a table of other columns, or of these in another order, would say what is not so.
Status Write::check_heading(OutputGroup& group, std::string_view heading) const {
  if (std::exchange(group.checked, true) || heading.empty()) return std::nullopt;
  const auto columns_in = [&](std::string_view row) {
    text::CsvReader reader(heading.size() + 1, comma());
    reader.feed(row);
    const auto read = reader.next();
    return read ? std::vector<std::string>(read->fields.begin(), read->fields.end())
                : std::vector<std::string>();
  };
  for (const auto* file : group.files) {
    if (!file->had_lines()) continue;
    const auto there = file->first_row(comma());
    const auto ours = columns_in(heading);
    if (there == ours) continue;
    return Error(
        Errc::bad_input,
        fmt::format("{} has the columns {}, and these rows have {}; name the fields in that order, or "
                    "write to another file",
                    file->path() == "-" ? "the standard output" : "\"" + file->path() + "\"",
                    text::printable(fmt::format("{}", fmt::join(there, ",")), 200),
                    text::printable(fmt::format("{}", fmt::join(ours, ",")), 200)));
  }
  return std::nullopt;
}

// What a server sent may hold what steers a terminal.
void Write::put(const OutputGroup& group, std::string_view text) {
  std::string visible;
  if (shows_controls_) text = visible = text::made_visible(text);
  std::string shown;
  if (!context_.secrets.empty()) {
    shown = text;
    if (context_.secrets.hide(shown)) text = shown;
  }
  for (auto* file : group.files) {
    if (!text.empty()) file->writer().append_now(text);
  }
}

// What on-error was told of is data like the rest.
bool Write::is_shown(const Record& record) const {
  const bool is_bad = record.outcome == Outcome::failed || record.outcome == Outcome::cancelled;
  return !is_bad || record.error_handled || (format_->tells_failure() && !is_left(record, context_));
}

// Nothing is appended to any file if one of the lines can't be made.
Status Write::append_lines(const Record& record) {
  lines_.resize(std::max(lines_.size(), groups_.size()));
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (auto error = begin(*groups_[i], &record)) return error;
    auto line = format_->line(record, groups_[i]->columns);
    if (!line) return std::move(line.error());
    if (groups_.size() == 1) {
      put(*groups_[i], *line);
    } else {
      lines_[i] = *line;
    }
  }
  for (std::size_t i = 0; groups_.size() > 1 && i < groups_.size(); ++i) put(*groups_[i], lines_[i]);
  return std::nullopt;
}

bool Write::append(Record& record, Status error, bool has_block) {
  if (!error) error = append_lines(record);
  if (error && !record.error) {
    record.fail(std::move(*error), "write");
    ++failed_;
    record.error_handled = has_block;
    if (has_block) return false;
  }
  const bool has_lines = !error && !groups_.empty();
  if (!has_lines && record.error && !is_left(record, context_)) context_.report_failure(record);
  if (record.error && record.ticket.family()) record.ticket.family()->explain(record);
  if (!has_lines) groups_.clear();
  pending_.add(record, groups_);
  if (pending_.size() % kSettleEvery == 0) settle();
  return true;
}

StageLoad Write::load() const {
  StageLoad load;
  load.role = StageRole::sink;
  load.failed = failed_;
  load.no_room = files_.crowded() != nullptr;
  return load;
}

void Write::settle() {
  const bool over = files_.is_over();  // before `written`, which stands still afterwards
  pending_.settle();
  if (!over) return;
  context_.ledger.count_dropped_as(Outcome::cancelled);
  pending_.drop();
}

namespace {

using Format = WriteArgs::Format;

constexpr std::array<std::string_view, 4> kFormats{"json", "csv", "tsv", "text"};  // as in Format

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

// What is missing is null in a line of JSON or of a table; only a template needs it. But a record may have
// something for which a table has no column.
std::optional<std::string> verify_write(const BoundStage& stage) {
  const StageArgs bound = row_of(WriteArgs()).bind(stage);
  const auto& args = *bound.get_if<WriteArgs>();
  const bool is_text = args.format == WriteArgs::Format::text;
  const bool is_table = args.format == WriteArgs::Format::csv || args.format == WriteArgs::Format::tsv;
  if (stage.find("header") != nullptr && !is_table) return "\"write\" takes header= together with csv or tsv";
  if (is_text || (is_table && TableFields(args.fields).spread()) || stage.find("on-error") == nullptr)
    return std::nullopt;
  const bool has_template = std::any_of(args.to.begin(), args.to.end(), [](const std::string& path) {
    return output_template(path).has_value();
  });
  if (has_template) return std::nullopt;
  return "\"write\" takes on-error= together with \"text with {fields}\": no record fails in json, csv or "
         "tsv";
}

std::vector<std::string> paths_of(const std::vector<std::string>& fields) {
  std::vector<std::string> paths;
  for (const auto& field : fields)
    paths.push_back(std::get<TableField>(TableField::compile(field)).path.text());
  return paths;
}

StageFacts facts_of(const WriteArgs& args) {
  const auto fields = paths_of(args.fields);
  const auto names_by_body = [](const std::string& path) {
    const auto name = output_template(path);
    return name && name->reads_body();
  };
  const bool reads_body = template_reads_body(args.text) ||
                          std::any_of(fields.begin(), fields.end(), path_reads_body) ||
                          std::any_of(args.include.begin(), args.include.end(), path_reads_body) ||
                          std::any_of(args.to.begin(), args.to.end(), names_by_body);
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
                    .help = "only these fields: url,id=meta.id,meta.* (default a result's own)",
                    .check = check_fields}),
               arg<&WriteArgs::include>({.key = "include",
                                         .name = "LIST",
                                         .type = ArgType::list,
                                         .help = "also print these: body, headers, json (default none)",
                                         .check = check_include}),
               arg<&WriteArgs::to>({.key = "to",
                                    .name = "FILE",
                                    .type = ArgType::path,
                                    .help =
                                        "the file to write to, by fields as \"by-{meta.k}.csv\" or not; - is "
                                        "standard output (default -)",
                                    .repeatable = true,
                                    .check = check_output}),
               arg<&WriteArgs::append>({.key = "append",
                                        .name = "BOOL",
                                        .type = ArgType::flag,
                                        .help = "add to files that are there (default false: empty them)"}),
               arg<&WriteArgs::header>({.key = "header",
                                        .name = "BOOL",
                                        .type = ArgType::flag,
                                        .help = "begin a csv or tsv with the names of its columns (default "
                                                "true)"}),
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
            return args.text.empty() ? fields_note(paths_of(args.fields)) : template_note(args.text);
          },
  });
  return row;
}

}  // namespace leat::pipelines
