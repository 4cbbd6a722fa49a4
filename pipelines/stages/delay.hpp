#pragma once

#include "engine/async/clock.hpp"
#include "pipelines/plan.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// delay: passes each record on that long after it came, in the order in which they came; up to kHeld of them
/// wait at a time.
class Delay final : public Stage {
 public:
  explicit Delay(const DelayArgs& args) noexcept : time_(args.time) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return StageLoad(StageRole::rate); }

 private:
  struct Held {
    Held(RecordPtr r, async::TimePoint d) noexcept : record(std::move(r)), due(d) {}
    RecordPtr record;
    async::TimePoint due;
  };
  static constexpr std::size_t kHeld = 10'000;

  async::Task<void> collect(RecordReceiver in, Sender<Held> held) const;

  async::Duration time_;
};

}  // namespace leat::pipelines
