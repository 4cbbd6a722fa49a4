#include "pipelines/stages/csv_source.hpp"

#include "pipelines/stages/assign.hpp"
#include "pipelines/stages/leftover_file.hpp"
#include "pipelines/text/delimited.hpp"

namespace leat::pipelines {

Result<RecordPtr> CsvSource::next(bool at_end) {
  for (;;) {
    auto row = rows_.next();
    if (!row && at_end) row = rows_.finish();
    if (!row) return RecordPtr();
    if (head_) {
      auto record = read_row(*row);
      if (row->fault.empty()) keep_source(*record, as_csv(row->fields, delimiter_));
      return record;
    }
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
  if (context().leftovers != nullptr) context().leftovers->set_heading(as_csv(row.fields, delimiter_) + "\n");
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
