#include "pipelines/stages/pick.hpp"

namespace leat::pipelines {

RecordOp::Verdict Limit::apply(Record& /*record*/) { return --left_ == 0 ? Verdict::last : Verdict::pass; }

RecordOp::Verdict Skip::apply(Record& /*record*/) {
  if (left_ == 0) return Verdict::pass;
  --left_;
  return Verdict::drop;
}

Sample::Sample(const SampleArgs& args)
    : random_(args.seed != 0 ? args.seed : std::random_device()()), chosen_(args.fraction) {}

RecordOp::Verdict Sample::apply(Record& /*record*/) {
  return chosen_(random_) ? Verdict::pass : Verdict::drop;
}

}  // namespace leat::pipelines
