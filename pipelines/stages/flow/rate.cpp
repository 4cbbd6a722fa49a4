#include "pipelines/stages/flow/rate.hpp"

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/http/gate/rate.hpp"
#include "pipelines/expr/json_key.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stopping.hpp"
#include "pipelines/flow/time_limits.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"

namespace leat::pipelines {

namespace {

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
  JsonKey json_key_;
};

}  // namespace

Pace::Pace(const RateArgs& args, RunContext& context) : rate_(args.rate), context_(context) {
  if (!args.key.empty()) key_.emplace(args.key);
}

std::vector<const Program*> Pace::programs() const {
  if (!key_) return {};
  return {&*key_};
}

Status Pace::key_of(const Record& record, std::string& key) {
  key.clear();
  if (!key_) return std::nullopt;
  view_.look_at(record);
  auto error = key_->outputs(record, view_, outputs_);
  if (!error) json_key_.append(key, outputs_);
  return error;
}

// When the next record of that key may go on; it is taken to, unless that is too late.
std::optional<async::TimePoint> Pace::due(const std::string& key, async::TimePoint now) {
  if (rates_.size() > kKeys) {
    std::erase_if(rates_, [now](const auto& entry) { return entry.second.due() <= now; });
  }
  auto& rate = rates_.try_emplace(key, rate_, std::chrono::seconds(1)).first->second;
  const auto due = std::max(rate.due(), now);
  if (timeout_.count() > 0 && due - now > timeout_) return std::nullopt;
  rate.start(due);
  return due;
}

async::Task<Status> Pace::run(RecordReceiver in, RecordSender out) {
  auto& loop = async::EventLoop::current();
  std::multimap<async::TimePoint, RecordPtr> held;
  std::string key;
  for (bool ended = false; !ended || !held.empty();) {
    while (!held.empty() && (context_.stopping || held.begin()->first <= loop.now())) {
      auto record = std::move(held.begin()->second);
      held.erase(held.begin());
      const bool wanted = co_await out.send(std::move(record));
      if (!wanted) co_return std::nullopt;
    }
    const std::size_t most = key_ ? kHeld : 1;
    if (ended || held.size() >= most) {
      if (held.empty()) continue;
      auto pausing = pause(context_, held.begin()->first - loop.now());
      co_await std::move(pausing);
      continue;
    }
    std::optional<RecordPtr> record;
    if (held.empty()) {
      record = co_await in.next();
    } else {
      auto waiting = next_within(in, held.begin()->first - loop.now());
      auto next = co_await std::move(waiting);
      if (!next) continue;
      record = std::move(*next);
    }
    ended = !record;
    if (ended) continue;
    if (!(*record)->failed()) {
      if (auto error = key_of(**record, key)) (*record)->fail(std::move(*error), "rate");
    }
    const bool is_now = (*record)->failed() || context_.player != nullptr;
    auto when = std::optional(loop.now());
    if (!is_now) when = due(key, loop.now());
    if (!when) (*record)->fail(late_error(timeout_), "rate");
    held.emplace(when.value_or(loop.now()), std::move(*record));
  }
  co_return std::nullopt;
}

const StageRow& row_of(const RateArgs& /*args*/) noexcept {
  static const StageType<RateArgs> row({
      .signature = {.name = "rate",
                    .kind = StageKind::stage,
                    .help = "passes records on at a steady rate",
                    .example = "lines \"urls.txt\" | rate 100/s key=(.url)"},
      .args = {arg<&RateArgs::rate>(
                   {.name = "R", .type = ArgType::rate, .help = "the rate: 50/s, 10/min", .required = true}),
               arg<&RateArgs::key>(program_row(
                   "key", "records of each key have a rate of their own (default all share one)")),
               asked_row("key")},
      .make = make_stage<Stage, Pace, RateArgs>,
      .facts =
          [](const RateArgs& args) {
            return StageFacts{
                .reads_body = program_reads_body(args.key), .ends_by_itself = false, .reach = kAnyReach};
          },
      .notes =
          [](const RateArgs& args) {
            std::string notes = args.key.empty() ? "holds 1 record" : "holds up to 10000 records";
            add_note(notes, program_note(args.key));
            return notes;
          },
  });
  return row;
}

}  // namespace leat::pipelines
