#include "pipelines/stages/csv_source.hpp"

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
    if (!head_) {
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
  auto made = CsvHeader::make(row);
  if (!made) {
    const std::string where = args_.path == "-" ? "standard input" : "\"" + args_.path + "\"";
    return Error(Errc::bad_input, where + ": " + made.error().message);
  }
  head_ = std::move(*made);
  return std::nullopt;
}

RecordPtr CsvSource::read_row(const CsvReader::Row& row) {
  auto record = std::make_unique<Record>();
  record->line = row.line;
  std::string object;
  auto error = head_->append_object(object, row);
  if (!error) {
    JsonDoc doc;
    doc.parse(object);
    error = fill(*record, doc.root(), "");
  }
  if (error) record->fail(std::move(*error), "csv");
  return record;
}

}  // namespace leat::pipelines
