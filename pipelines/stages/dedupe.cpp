#include "pipelines/stages/dedupe.hpp"

#include <utility>

#include "pipelines/text/hash.hpp"

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
  if (memory_.is_kept()) {
    const std::uint64_t key = hash64(joined_);
    memory_.keep(key, record.id);
    return memory_.find(key) == record.id ? Verdict::pass : Verdict::drop;
  }
  return seen_.insert(joined_) ? Verdict::pass : Verdict::drop;
}

}  // namespace leat::pipelines
