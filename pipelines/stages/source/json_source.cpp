#include "pipelines/stages/source/json_source.hpp"

#include <string>

#include "pipelines/result/assign.hpp"

namespace leat::pipelines {

namespace {

RecordPtr read_text(const JsonSplitter::Text& text) {
  auto record = std::make_unique<Record>();
  record->line = text.line;
  JsonDoc doc;
  Status error;
  if (text.too_long) {
    error = Error(Errc::bad_input, "the JSON value is longer than 64 MiB");
  } else if (auto fault = doc.parse(text.text)) {
    error = Error(Errc::bad_input, "not JSON at byte " + std::to_string(fault->offset + 1) +
                                       " of the value in line " + std::to_string(text.line) + ": " +
                                       fault->message);
  } else {
    error = fill(*record, doc.root(), "");
  }
  if (error) record->fail(std::move(*error), "json");
  return record;
}

}  // namespace

Result<RecordPtr> JsonSource::next(bool at_end) {
  auto text = splitter_.next();
  if (!text && at_end) text = splitter_.finish();
  if (!text) return RecordPtr();
  auto record = read_text(*text);
  if (!text->too_long) keep_source(*record, text->text);
  return record;
}

}  // namespace leat::pipelines
