#include "pipelines/stages/source/csv.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/io/text_reader.hpp"
#include "engine/text/csv_reader.hpp"
#include "pipelines/expr/csv_header.hpp"
#include "pipelines/flow/leftovers.hpp"
#include "pipelines/options/csv_columns.hpp"
#include "pipelines/stages/source/line_parser.hpp"
#include "pipelines/stages/source/source_row.hpp"
#include "pipelines/stages/source/text_source.hpp"

namespace leat::pipelines {

namespace {

Error in_input(const CsvArgs& args, const Error& error) {
  return Error(Errc::bad_input, io::input_name(args.path) + ": " + error.message);
}

Error at_line(const text::CsvReader::Row& row, Error error) {
  error.message = "line " + std::to_string(row.line) + ": " + error.message;
  return error;
}

// Its text has been checked.
Result<CsvColumns> columns_of(const CsvHeader& head, const CsvArgs& args, const text::CsvReader::Row& row) {
  std::vector<ColumnOf> asked;
  if (!args.columns.empty()) asked = std::move(parse_columns(args.columns).value());
  auto made = CsvColumns::make(head.names(), asked);
  if (!made) return in_input(args, at_line(row, std::move(made.error())));
  return made;
}

Status check_row(const CsvArgs& args, const text::CsvReader::Row& row) {
  auto head = CsvHeader::make(row);
  if (!head) return in_input(args, head.error());
  auto columns = columns_of(*head, args, row);
  if (!columns) return std::move(columns.error());
  return std::nullopt;
}

// What can't be read is the run's to say.
async::Task<Status> check_first_row(async::EventLoop& loop, CsvArgs args) {
  auto opened = io::TextReader::open(loop, args.path);
  if (!opened) co_return std::nullopt;
  auto& reader = **opened;
  text::CsvReader rows(kMaxLine, args.delimiter);
  std::string chunk;
  for (;;) {
    auto reading = reader.read(chunk);
    if (co_await std::move(reading)) co_return std::nullopt;
    rows.feed(chunk);
    auto row = rows.next();
    if (!row && chunk.empty()) row = rows.finish();
    if (row) co_return check_row(args, *row);
    if (chunk.empty()) co_return std::nullopt;
  }
}

/// csv: a record for each row of a table whose first row names the columns; what becomes of these says
/// CsvColumns. A row that is wrong is a failed record that names its line.
class CsvSource final : public TextSource {
 public:
  CsvSource(CsvArgs args, RunContext& context)
      : TextSource(args.path, context), rows_(kMaxLine, args.delimiter), args_(std::move(args)) {
    if (context.leftovers != nullptr) rows_.keep_source();
  }

 private:
  void feed(std::string_view chunk) override { rows_.feed(chunk); }
  [[nodiscard]] std::size_t unread() const noexcept override { return rows_.unread(); }
  Result<RecordPtr> next(bool at_end) override;
  Status take_head(const text::CsvReader::Row& row);
  RecordPtr read_row(const text::CsvReader::Row& row);

  text::CsvReader rows_;
  CsvArgs args_;
  std::optional<CsvHeader> head_;
  std::optional<CsvColumns> columns_;  // with it
};

}  // namespace

Result<RecordPtr> CsvSource::next(bool at_end) {
  for (;;) {
    auto row = rows_.next();
    if (!row && at_end) row = rows_.finish();
    if (!row) return RecordPtr();
    if (head_) {
      auto record = read_row(*row);
      keep_source(*record, row->source);
      record->source_never_ends = row->never_ends;
      return record;
    }
    if (auto error = take_head(*row)) return std::move(*error);
  }
}

// Nothing can be read without it, so a bad one ends the run.
Status CsvSource::take_head(const text::CsvReader::Row& row) {
  auto made = CsvHeader::make(row);
  if (!made) return in_input(args_, made.error());
  auto columns = columns_of(*made, args_, row);
  if (!columns) return std::move(columns.error());
  head_ = std::move(*made);
  columns_ = std::move(*columns);
  if (context().leftovers != nullptr)
    context().leftovers->set_heading(rows_.preamble() + std::string(row.source) + "\n");
  return std::nullopt;
}

RecordPtr CsvSource::read_row(const text::CsvReader::Row& row) {
  auto record = std::make_unique<Record>();
  record->line = row.line;
  auto error = head_->check(row);
  if (!error) {
    error = columns_->fill(*record, row.fields);
    if (error && error->code == Errc::bad_input) error = at_line(row, std::move(*error));
  }
  if (error) record->fail(std::move(*error), "csv");
  return record;
}

namespace {

// Nothing where it can't be told before the run.
Status check_table_head(const CsvArgs& args) {
  struct stat status {};
  if (args.path == "-" || ::stat(args.path.c_str(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  async::EventLoop loop;
  return loop.run(check_first_row(loop, args));
}

constexpr std::array<std::string_view, 3> kDelimiters{"comma", "tab", "semicolon"};
constexpr std::string_view kDelimiterCharacters = ",\t;";  // in that order

Argument<CsvArgs> delimiter_arg() {
  return {{.key = "delimiter",
           .name = "WORD",
           .type = ArgType::word,
           .help = "comma, tab or semicolon (default the one that the first row has most of)",
           .choices = kDelimiters},
          [](const ArgReader& reader, const ArgRow& row, CsvArgs& args) {
            std::string word;
            reader.read(row.key, word);
            const auto at = std::find(kDelimiters.begin(), kDelimiters.end(), word) - kDelimiters.begin();
            args.delimiter = kDelimiterCharacters[static_cast<std::size_t>(at)];
          }};
}

}  // namespace

const StageRow& row_of(const CsvArgs& /*args*/) noexcept {
  static const StageType<CsvArgs> row(
      {.signature = {.name = "csv",
                     .kind = StageKind::source,
                     .help = "makes a record of each row of a table whose first row names the columns: url, "
                             "method, …; all others go into meta",
                     .example = "csv \"items.csv\" | write json fields=url,meta",
                     .refuses = kRefusedBySources},
       .args = {arg<&CsvArgs::path>(kFileRow), delimiter_arg(),
                arg<&CsvArgs::columns>(
                    {.key = "columns",
                     .name = "LIST",
                     .type = ArgType::text,
                     .help = "columns that must be there, with their fields: url=link,output=name",
                     .check = check_columns})},
       .make = make_stage<Source, CsvSource, CsvArgs>,
       .facts = facts_of_source<CsvArgs>,
       .notes = no_notes<CsvArgs>,
       .check_input = check_table_head});
  return row;
}

}  // namespace leat::pipelines
