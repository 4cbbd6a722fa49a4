#include "pipelines/flow/workers.hpp"

#include "engine/async/errors.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/time_limits.hpp"

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
    if (timeout_.count() > 0) {
      bool late = false;
      try {
        auto limited = async::wait_for(std::move(working), timeout_);
        co_await std::move(limited);
      } catch (const async::TimeoutError&) {
        late = true;
      }
      if (late) record->fail(late_error(timeout_), name_);
    } else {
      co_await std::move(working);
    }
  }
  co_return std::move(record);
}

}  // namespace leat::pipelines
