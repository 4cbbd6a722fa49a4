#include "pipelines/stages/op_chain.hpp"

namespace leat::pipelines {

async::Task<Status> OpChain::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    const auto verdicts = apply(**record);
    if (verdicts.drop) {
      (*record)->ticket.settle(Outcome::skipped);
    } else if (!out.try_send(*record)) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
    }
    if (verdicts.last) co_return std::nullopt;
  }
}

OpChain::Verdicts OpChain::apply(Record& record) {
  Verdicts verdicts;
  view_.look_at(record);
  for (const auto& op : ops_) {
    if (record.failed() || verdicts.drop) break;
    const auto verdict = op->apply(record, view_);
    verdicts.drop = verdict == RecordOp::Verdict::drop;
    verdicts.last = verdicts.last || verdict == RecordOp::Verdict::last;
  }
  return verdicts;
}

}  // namespace leat::pipelines
