#include "pipelines/flow/divert.hpp"

namespace leat::pipelines {

async::Task<Status> Bypass::run(RecordReceiver in, RecordSender out) {
  RecordSender around = std::move(around_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    RecordSender& way = (*record)->failed() ? around : out;
    const bool wanted = co_await way.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

bool Divert::is_ours(const Error& error) const noexcept {
  return of_ == Of::all || (of_ == Of::save) == (error.stage == "save");
}

// Where the block has ended because its output is gone, the run ends as well.
async::Task<void> Divert::put_into(RecordSender& block, RecordPtr record) const {
  if (!block.closed()) {
    co_await block.send(std::move(record));
  } else if (ledger_.dropped_count_as() == Outcome::skipped) {
    record->ticket.settle(Outcome::skipped);
  }
}

async::Task<Status> Divert::run(RecordReceiver in, RecordSender out) {
  RecordSender block = std::move(block_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    const Record& at = **record;
    const bool ours = at.failed() && at.outcome == Outcome::failed && is_ours(*at.error);
    (*record)->error_handled = (*record)->error_handled || ours;
    if (ours) {
      auto putting = put_into(block, std::move(*record));
      co_await std::move(putting);
      continue;
    }
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
