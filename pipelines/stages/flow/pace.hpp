#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/http/gate/rate.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// rate: passes records on at that pace, all together or those of each key by themselves, in which case a key
/// that is behind holds up no other; up to kHeld records wait at a time. When the run is to end they go on at
/// once. A record whose turn is further away than `timeout` fails at once, and takes no turn.
class Pace final : public Stage {
 public:
  Pace(const RateArgs& args, RunContext& context);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return StageLoad(StageRole::rate); }
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  static constexpr std::size_t kHeld = 10'000;
  static constexpr std::size_t kKeys = 10'000;  // that are remembered

  Status key_of(const Record& record, std::string& key);
  std::optional<async::TimePoint> due(const std::string& key, async::TimePoint now);

  double rate_;
  RunContext& context_;
  std::optional<Program> key_;
  std::map<std::string, http::Rate> rates_;
  RecordView view_;
  JsonTexts outputs_;
};

}  // namespace leat::pipelines
