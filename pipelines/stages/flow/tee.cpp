#include "pipelines/stages/flow/tee.hpp"

#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/time_limits.hpp"

namespace leat::pipelines {

namespace {

async::Task<void> send_copy(RecordSender& branch, RecordPtr copy) { co_await branch.send(std::move(copy)); }

}  // namespace

async::Task<void> Tee::copy(RecordSender& branch, Record& record) const {
  if (branch.closed()) co_return;
  auto copy = copy_of(record, context_.body_budget);
  if (branch.try_send(copy)) co_return;
  auto sending = send_copy(branch, std::move(copy));
  if (timeout_.count() == 0 || record.failed()) {
    co_await std::move(sending);
    co_return;
  }
  bool late = false;
  try {
    auto limited = async::wait_for(std::move(sending), timeout_);
    co_await std::move(limited);
  } catch (const async::TimeoutError&) {
    late = true;
  }
  if (late) record.fail(late_error(timeout_), "tee");
}

async::Task<Status> Tee::run(RecordReceiver in, RecordSender out) {
  RecordSender branch = std::move(branch_);
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    auto copying = copy(branch, **record);
    co_await std::move(copying);
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

}  // namespace leat::pipelines
