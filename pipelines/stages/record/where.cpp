#include "pipelines/stages/record/where.hpp"

#include <utility>

namespace leat::pipelines {

RecordOp::Verdict Where::apply(Record& record, RecordView& view) {
  if (auto error = program_.outputs(record, view, outputs_)) {
    record.fail(std::move(*error), "where");
    return Verdict::pass;
  }
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (outputs_[i] != "false" && outputs_[i] != "null") return Verdict::pass;
  }
  return Verdict::drop;
}

}  // namespace leat::pipelines
