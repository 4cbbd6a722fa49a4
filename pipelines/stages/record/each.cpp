#include "pipelines/stages/record/each.hpp"

#include <utility>

#include "pipelines/flow/time_limits.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/record_view.hpp"

namespace leat::pipelines {

async::Task<Status> Each::run(RecordReceiver in, RecordSender out) {
  Emitter emitter(context_, out);
  for (;;) {
    auto record = in.try_next();
    if (!record) record = co_await in.next();
    if (!record) co_return std::nullopt;
    Record& parent = **record;
    if (!parent.failed()) {
      const LateWatch watch(timeout_);
      view_.look_at(parent);
      auto error = program_.outputs(parent, view_, outputs_);
      if (error) parent.fail(std::move(*error), "each");
      watch.check(parent, "each");
    }
    if (parent.failed()) {
      const bool wanted = co_await out.send(std::move(*record));
      if (!wanted) co_return std::nullopt;
      continue;
    }
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
      const bool wanted = co_await emitter.emit(child(parent, static_cast<std::uint32_t>(i)));
      if (!wanted) co_return std::nullopt;
    }
    parent.ticket.settle(outputs_.empty() ? Outcome::skipped : Outcome::ok);
  }
}

RecordPtr Each::child(const Record& parent, std::uint32_t index) {
  auto record = descend(parent, index);
  doc_.parse(outputs_[index]);
  if (auto error = fill(*record, doc_.root(), base_url(parent))) record->fail(std::move(*error), "each");
  return record;
}

}  // namespace leat::pipelines
