#include "pipelines/stages/pick.hpp"

namespace leat::pipelines {

RecordOp::Verdict Limit::apply(Record& /*record*/, RecordView& /*view*/) {
  return --left_ == 0 ? Verdict::last : Verdict::pass;
}

RecordOp::Verdict Skip::apply(Record& /*record*/, RecordView& /*view*/) {
  if (left_ == 0) return Verdict::pass;
  --left_;
  return Verdict::drop;
}

Sample::Sample(const SampleArgs& args)
    : random_(args.seed != 0 ? args.seed : std::random_device()()), chosen_(args.fraction) {}

RecordOp::Verdict Sample::apply(Record& /*record*/, RecordView& /*view*/) {
  return chosen_(random_) ? Verdict::pass : Verdict::drop;
}

}  // namespace leat::pipelines
