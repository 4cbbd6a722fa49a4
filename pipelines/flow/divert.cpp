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

async::Task<Status> Divert::run(RecordReceiver in, RecordSender out) {
  RecordSender block = std::move(block_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    const Record& at = **record;
    const bool ours = at.failed() && at.outcome == Outcome::failed && is_ours(*at.error);
    (*record)->error_handled = (*record)->error_handled || ours;
    RecordSender& way = ours ? block : out;
    const bool wanted = co_await way.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
