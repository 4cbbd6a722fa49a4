#include "pipelines/stages/workers.hpp"

#include "pipelines/stages/pass_on.hpp"

namespace leat::pipelines {

async::Task<Status> Workers::run(RecordReceiver in, RecordSender out) {
  in_ = std::move(in);
  async::AsCompleted<RecordPtr, RecordPtr> results(
      places_.all(), [this] { return pull(); }, [this](RecordPtr record) { return apply(std::move(record)); },
      "work");
  auto passing = pass_on(results, in_, std::move(out));
  co_await std::move(passing);
  co_return std::nullopt;
}

async::Task<std::optional<RecordPtr>> Workers::pull() {
  auto record = co_await in_.next();
  co_return std::move(record);
}

async::Task<RecordPtr> Workers::apply(RecordPtr record) {
  if (!record->failed()) {
    const Places::Use use(places_);
    auto working = work_->apply(*record);
    co_await std::move(working);
  }
  co_return std::move(record);
}

}  // namespace leat::pipelines
