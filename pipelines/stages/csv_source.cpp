#include "pipelines/stages/csv_source.hpp"

#include "pipelines/stages/assign.hpp"

namespace leat::pipelines {

Result<RecordPtr> CsvSource::next(bool at_end) {
  for (;;) {
    auto row = rows_.next();
    if (!row && at_end) row = rows_.finish();
    if (!row) return RecordPtr();
    if (head_) return read_row(*row);
    if (auto error = take_head(*row)) return std::move(*error);
  }
}

// Nothing can be read without it, so a bad one ends the run.
Status CsvSource::take_head(const CsvReader::Row& row) {
  auto made = CsvHeader::make(row);
  if (!made) {
    const std::string where = path_ == "-" ? "standard input" : "\"" + path_ + "\"";
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
