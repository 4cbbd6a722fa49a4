#include "pipelines/stages/dedupe.hpp"

#include <utility>

namespace leat::pipelines {

RecordOp::Verdict Dedupe::apply(Record& record, RecordView& view) {
  if (auto error = key_.outputs(record, view, outputs_)) {
    record.fail(std::move(*error), "dedupe");
    return Verdict::pass;
  }
  joined_.clear();
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    joined_ += outputs_[i];
    joined_ += '\n';
  }
  return seen_.insert(joined_) ? Verdict::pass : Verdict::drop;
}

}  // namespace leat::pipelines
