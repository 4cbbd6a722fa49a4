#include "pipelines/stages/op_chain.hpp"

namespace leat::pipelines {

async::Task<Status> OpChain::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    const auto verdict = apply(**record);
    if (verdict == RecordOp::Verdict::drop) {
      (*record)->ticket.settle(Outcome::skipped);
      continue;
    }
    if (!out.try_send(*record)) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
    }
    if (verdict == RecordOp::Verdict::last) co_return std::nullopt;
  }
}

RecordOp::Verdict OpChain::apply(Record& record) {
  auto verdict = RecordOp::Verdict::pass;
  view_.look_at(record);
  for (const auto& op : ops_) {
    if (record.failed()) break;
    const auto now = op->apply(record, view_);
    if (now == RecordOp::Verdict::drop) return now;
    if (now == RecordOp::Verdict::last) verdict = now;
  }
  return verdict;
}

}  // namespace leat::pipelines
