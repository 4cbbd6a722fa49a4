#include "pipelines/stages/csv_source.hpp"

#include <algorithm>

#include "pipelines/expr/json_text.hpp"
#include "pipelines/stages/assign.hpp"

namespace leat::pipelines {

void CsvSource::stop() noexcept {
  stopped_ = true;
  if (reader_) reader_->stop();
}

async::Task<Status> CsvSource::run(RecordSender out) {
  Emitter emitter(context_, std::move(out));
  auto opened = io::InputReader::open(context_.loop, args_.path);
  if (!opened) co_return opened.error();
  reader_ = std::move(*opened);
  std::string chunk;
  Status status;
  for (bool at_end = false; !stopped_ && !at_end;) {
    auto reading = reader_->read(chunk);
    status = co_await std::move(reading);
    if (status) break;
    at_end = chunk.empty();
    rows_.feed(chunk);
    auto emitting = emit_rows(emitter, at_end);
    auto wanted = co_await std::move(emitting);
    if (!wanted) status = std::move(wanted.error());
    if (status || !*wanted) break;
  }
  reader_.reset();
  co_return status;
}

async::Task<Result<bool>> CsvSource::emit_rows(Emitter& emitter, bool at_end) {
  for (;;) {
    if (stopped_) co_return false;
    auto row = rows_.next();
    if (!row && at_end) row = rows_.finish();
    if (!row) co_return true;
    if (columns_.empty()) {
      auto error = take_head(*row);
      if (error) co_return std::move(*error);
      continue;
    }
    auto record = read_row(*row);
    const bool wanted = co_await emitter.emit(std::move(record));
    if (!wanted) co_return false;
  }
}

// Nothing can be read without it, so a bad one ends the run.
Status CsvSource::take_head(const CsvReader::Row& row) {
  const std::string where =
      (args_.path == "-" ? std::string("standard input") : "\"" + args_.path + "\"") + ": ";
  if (!row.fault.empty())
    return Error(Errc::bad_input, where + "the row of the columns' names: " + row.fault);
  for (const auto name : row.fields) {
    if (name.empty()) return Error(Errc::bad_input, where + "a column has no name");
    if (std::find(columns_.begin(), columns_.end(), name) != columns_.end()) {
      return Error(Errc::bad_input, where + "two columns are named \"" + std::string(name) + "\"");
    }
    columns_.emplace_back(name);
  }
  return std::nullopt;
}

RecordPtr CsvSource::read_row(const CsvReader::Row& row) {
  auto record = std::make_unique<Record>();
  record->line = row.line;
  Status error;
  if (!row.fault.empty()) {
    error = Error(Errc::bad_input, "line " + std::to_string(row.line) + ": " + row.fault);
  } else if (row.fields.size() != columns_.size()) {
    error = Error(Errc::bad_input, "line " + std::to_string(row.line) + " has " +
                                       std::to_string(row.fields.size()) + " fields, the first row " +
                                       std::to_string(columns_.size()));
  } else {
    std::string object = "{";
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (row.fields[i].empty()) continue;
      if (object.size() > 1) object += ',';
      append_json_text(object, columns_[i]);
      object += ':';
      append_json_text(object, row.fields[i]);
    }
    object += '}';
    JsonDoc doc;
    doc.parse(object);
    error = fill(*record, doc.root(), "");
  }
  if (error) record->fail(std::move(*error), "csv");
  return record;
}

}  // namespace leat::pipelines
