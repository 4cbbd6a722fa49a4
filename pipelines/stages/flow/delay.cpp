#include "pipelines/stages/flow/delay.hpp"

#include <utility>

#include "engine/async/beside.hpp"
#include "engine/async/event_loop.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stopping.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"

namespace leat::pipelines {

namespace {

/// delay: passes each record on that long after it came, in the order in which they came; up to kHeld of them
/// wait at a time. When the run is to end they go on at once. With a shorter
/// `timeout` each fails after that.
class Delay final : public Stage {
 public:
  Delay(const DelayArgs& args, RunContext& context) noexcept : time_(args.time), context_(context) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return StageLoad(StageRole::rate); }

 private:
  struct Held {
    Held(RecordPtr r, async::TimePoint d) noexcept : record(std::move(r)), due(d) {}
    RecordPtr record;
    async::TimePoint due;
  };
  static constexpr std::size_t kHeld = 10'000;

  async::Task<Status> pass_on(Receiver<Held> receiver, RecordSender out) const;
  async::Task<void> collect(RecordReceiver in, Sender<Held> held) const;

  [[nodiscard]] bool is_too_long() const noexcept { return timeout_.count() > 0 && timeout_ < time_; }

  async::Duration time_;
  RunContext& context_;
};

}  // namespace

async::Task<Status> Delay::run(RecordReceiver in, RecordSender out) {
  auto [sender, receiver] = make_channel<Held>(kHeld);
  return async::beside(pass_on(std::move(receiver), std::move(out)),
                       collect(std::move(in), std::move(sender)), "delay.collect");
}

async::Task<Status> Delay::pass_on(Receiver<Held> receiver, RecordSender out) const {
  auto& loop = async::EventLoop::current();
  for (;;) {
    auto held = co_await receiver.next();
    if (!held) co_return std::nullopt;
    auto pausing = pause(context_, held->due - loop.now());
    co_await std::move(pausing);
    if (is_too_long() && held->due <= loop.now() && !held->record->failed()) {
      held->record->fail(late_error(timeout_), "delay");
    }
    const bool wanted = co_await out.send(std::move(held->record));
    if (!wanted) co_return std::nullopt;
  }
}

async::Task<void> Delay::collect(RecordReceiver in, Sender<Held> held) const {
  auto& loop = async::EventLoop::current();
  for (;;) {
    auto record = co_await in.next();
    if (!record) co_return;
    const bool is_now = (*record)->failed() || context_.player != nullptr;
    const auto due = is_now ? loop.now() : loop.now() + (is_too_long() ? timeout_ : time_);
    Held next(std::move(*record), due);
    const bool wanted = co_await held.send(std::move(next));
    if (!wanted) co_return;
  }
}

const StageRow& row_of(const DelayArgs& /*args*/) noexcept {
  static const StageType<DelayArgs> row({
      .signature = {.name = "delay",
                    .kind = StageKind::stage,
                    .help = "passes each record on some time after it came",
                    .example = "lines \"urls.txt\" | delay 10ms",
                    .verify = verify_waiting,
                    .refuses = {.n = "all records that come are delayed at once, up to 10000"}},
      .args = {arg<&DelayArgs::time>(
          {.name = "T", .type = ArgType::duration, .help = "how long", .required = true})},
      .make = make_stage<Stage, Delay, DelayArgs>,
      .facts =
          [](const DelayArgs&) {
            return StageFacts{.reads_body = false, .ends_by_itself = false, .reach = 0};
          },
      .notes = [](const DelayArgs&) { return std::string("holds up to 10000 records"); },
  });
  return row;
}

}  // namespace leat::pipelines
