#include "pipelines/stages/op_chain.hpp"

#include "pipelines/stages/late.hpp"

namespace leat::pipelines {

async::Task<Status> OpChain::run(RecordReceiver in, RecordSender out) {
  for (const Link& link : ops_) {
    if (link.op->is_over()) co_return std::nullopt;
  }
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
  for (const auto& link : ops_) {
    if (record.failed() || verdicts.drop) break;
    const LateWatch watch(link.timeout);
    const auto verdict = link.op->apply(record, view_);
    watch.check(record, link.name);
    verdicts.drop = verdict == RecordOp::Verdict::drop && !record.failed();
    verdicts.last = verdicts.last || verdict == RecordOp::Verdict::last;
  }
  return verdicts;
}

}  // namespace leat::pipelines
