#include "pipelines/stages/source/lines.hpp"

namespace leat::pipelines {

// Of the next line that is one: not blank, no comment.
Result<RecordPtr> Lines::next(bool at_end) {
  for (;;) {
    auto line = splitter_.next();
    if (!line && at_end) line = splitter_.finish();
    if (!line) return RecordPtr();
    ++number_;
    auto record = line->too_long ? too_long_line(line->text, number_) : parse_line(line->text, number_, doc_);
    if (!record) continue;
    if (!line->too_long) keep_source(*record, line->text);
    return record;
  }
}

}  // namespace leat::pipelines
