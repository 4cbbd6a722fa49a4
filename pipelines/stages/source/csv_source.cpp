#include "pipelines/stages/source/csv_source.hpp"

#include <sys/stat.h>

#include <memory>
#include <string>

#include "engine/async/event_loop.hpp"
#include "engine/io/unpacked_reader.hpp"
#include "pipelines/flow/leftovers.hpp"

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
  auto opened = io::InputReader::open(loop, args.path);
  if (!opened) co_return std::nullopt;
  io::UnpackedReader reader(std::move(*opened), io::input_name(args.path));
  text::CsvReader rows(kMaxLine, args.delimiter);
  std::string chunk;
  for (;;) {
    auto reading = reader.read(chunk);
    if (co_await std::move(reading)) co_return std::nullopt;
    rows.feed(chunk);
    auto row = chunk.empty() ? rows.finish() : rows.next();
    if (row) co_return check_row(args, *row);
    if (chunk.empty()) co_return std::nullopt;
  }
}

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
  if (context().leftovers != nullptr) context().leftovers->set_heading(std::string(row.source) + "\n");
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

Status check_table_head(const Plan& plan) {
  const auto* args = std::get_if<CsvArgs>(&plan.stages.front().args);
  struct stat status {};
  if (args == nullptr || args->path == "-" || ::stat(args->path.c_str(), &status) != 0) return std::nullopt;
  if (!S_ISREG(status.st_mode)) return std::nullopt;
  async::EventLoop loop;
  return loop.run(check_first_row(loop, *args));
}

}  // namespace leat::pipelines
