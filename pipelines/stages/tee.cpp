#include "pipelines/stages/tee.hpp"

namespace leat::pipelines {

async::Task<Status> Tee::run(RecordReceiver in, RecordSender out) {
  RecordSender branch = std::move(branch_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    if (!branch.closed()) co_await branch.send(copy_of(**record, context_.body_budget));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
