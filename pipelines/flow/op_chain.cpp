#include "pipelines/flow/op_chain.hpp"

#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

async::Task<Status> OpChain::run(RecordReceiver in, RecordSender out) {
  for (const Link& link : ops_) {
    if (link.op->is_over()) co_return std::nullopt;
  }
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    Verdicts verdicts;
    view_.look_at(**record);
    for (const Link& link : ops_) {
      if ((*record)->failed() || verdicts.drop) break;
      const LateWatch watch(link.timeout);
      if (link.op->is_long(**record)) {
        auto preparing = link.op->prepare(**record, view_);
        co_await std::move(preparing);
      }
      const auto verdict = link.op->apply(**record, view_);
      watch.check(**record, link.name);
      verdicts.drop = verdict == RecordOp::Verdict::drop && !(*record)->failed();
      verdicts.last = verdicts.last || verdict == RecordOp::Verdict::last;
    }
    view_.close_page();  // the record goes on without it
    if (verdicts.drop) {
      (*record)->ticket.settle(Outcome::skipped);
    } else if (!out.try_send(*record)) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
    }
    if (verdicts.last) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
