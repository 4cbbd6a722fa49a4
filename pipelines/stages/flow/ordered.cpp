#include "pipelines/stages/flow/ordered.hpp"

#include <fmt/format.h>

#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/errors.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait_for.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

async::Task<Status> OrderEntry::run(RecordReceiver in, RecordSender out) {
  for (;;) {
    auto place = co_await order_.place();
    auto record = co_await in.next();
    if (!record) co_return std::nullopt;
    order_.enter(**record, std::move(place));
    const bool wanted = co_await out.send(std::move(*record));
    if (!wanted) co_return std::nullopt;
  }
}

namespace {

class ClosedAtEnd {
 public:
  explicit ClosedAtEnd(Order& order) noexcept : order_(order) {}
  ClosedAtEnd(const ClosedAtEnd&) = delete;
  ClosedAtEnd& operator=(const ClosedAtEnd&) = delete;
  ~ClosedAtEnd() { order_.close(); }

 private:
  Order& order_;
};

}  // namespace

async::Task<Status> Ordered::run(RecordReceiver in, RecordSender out) {
  return async::beside(pass_on(std::move(out)), collect(std::move(in)), "ordered.collect");
}

async::Task<Status> Ordered::pass_on(RecordSender out) {
  const ClosedAtEnd closing(order_);
  for (bool wanted = true; wanted;) {
    if (auto place = order_.take_ready()) {
      for (auto& record : place->arrived) {
        wanted = co_await out.send(std::move(record));
        if (!wanted) break;
      }
      continue;
    }
    if (collected_ && order_.empty()) break;
    if (auto late = take_late()) {
      wanted = co_await out.send(std::move(late));
      continue;
    }
    auto waiting = wait_for_change();
    co_await std::move(waiting);
  }
  co_return std::nullopt;
}

RecordPtr Ordered::take_late() {
  if (timeout_.count() == 0) return nullptr;
  const auto since = order_.oldest();
  if (!since || async::later(*since, timeout_) > async::EventLoop::current().now()) return nullptr;
  auto record = order_.take_oldest();
  record->fail(late_error(timeout_), "ordered");
  return record;
}

namespace {

async::Task<void> until_changed(Order& order) { co_await order.wait(); }

}  // namespace

async::Task<void> Ordered::wait_for_change() {
  const auto since = timeout_.count() > 0 ? order_.oldest() : std::nullopt;
  auto waiting = until_changed(order_);
  if (!since) {
    co_await std::move(waiting);
    co_return;
  }
  try {
    const auto left = async::later(*since, timeout_) - async::EventLoop::current().now();
    auto limited = async::wait_for(std::move(waiting), left);
    co_await std::move(limited);
  } catch (const async::TimeoutError&) {
  }
}

async::Task<void> Ordered::collect(RecordReceiver in) {
  for (;;) {
    auto record = co_await in.next();
    if (!record) break;
    if (timeout_.count() == 0) {
      order_.arrive(std::move(*record));
      continue;
    }
    order_.arrive(std::move(*record), async::EventLoop::current().now());
    order_.nudge();  // it may be the first whose time runs
  }
  collected_ = true;
  order_.nudge();
}

const StageRow& row_of(const OrderedArgs& /*args*/) noexcept {
  static const StageType<OrderedArgs> row({
      .signature = {.name = "ordered",
                    .kind = StageKind::stage,
                    .help = "puts records back into the order of the input",
                    .example = "lines \"urls.txt\" | fetch | ordered window=100",
                    .verify = verify_waiting,
                    .refuses = {.n = "window= says how many places there are"}},
      .args = {arg<&OrderedArgs::window>(
          {.key = "window",
           .name = "N",
           .type = ArgType::count,
           .help = "how far the fastest may be ahead of the slowest (default 1000)",
           .least = 1,
           .most = 1'000'000})},
      .make = [](const OrderedArgs& args, RunContext&) -> Result<AnyStage> {
        return AnyStage(std::unique_ptr<Stage>(std::make_unique<Ordered>(args.window)));
      },
      .facts =
          [](const OrderedArgs&) {
            return StageFacts{.reads_body = false, .ends_by_itself = false, .reach = 0, .has_entry = true};
          },
      .notes = [](const OrderedArgs& args) { return fmt::format("holds up to {} records", args.window); },
      .check = [](const OrderedArgs& args) -> Status {
        if (args.window > 0) return std::nullopt;
        return Error(Errc::bad_input, "\"ordered\" takes a window of at least 1");
      },
  });
  return row;
}

}  // namespace leat::pipelines
