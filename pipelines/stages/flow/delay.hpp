#pragma once

#include "engine/async/clock.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

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

}  // namespace leat::pipelines
