#include "pipelines/run/planner.hpp"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

#include "pipelines/flow/ask.hpp"
#include "pipelines/flow/divert.hpp"
#include "pipelines/flow/divide_anew.hpp"
#include "pipelines/flow/leftovers.hpp"
#include "pipelines/flow/op_chain.hpp"
#include "pipelines/flow/resume.hpp"
#include "pipelines/flow/sequence.hpp"
#include "pipelines/flow/share.hpp"
#include "pipelines/flow/unwanted.hpp"
#include "pipelines/flow/workers.hpp"
#include "pipelines/plan/stage_row.hpp"
#include "pipelines/run/chain_facts.hpp"

namespace leat::pipelines {

namespace {

const Signature& signature_of(const PlannedStage& stage) noexcept { return stage.args.row().signature; }

/// Builds one plan or block into a pipeline: its stages front to back, then the channels back to front.
class ChainBuilder {
 public:
  ChainBuilder(const Plan& plan, std::string prefix, RunContext& context, Pipeline& pipeline)
      : stages_(plan.stages),
        facts_(plan.stages),
        prefix_(std::move(prefix)),
        context_(context),
        pipeline_(pipeline) {}

  /// The sender into a block; an empty one for a plan that begins with a source. What leaves a block without
  /// a sink goes to `tail`.
  Result<RecordSender> build(RecordSender tail = {}) {
    if (!is_source(stages_.front())) {
      if (auto error = begin_order(0)) return std::move(*error);
    }
    for (at_ = 0; at_ < stages_.size(); ++at_) {
      if (auto error = add(stages_[at_])) return std::move(*error);
    }
    return join(std::move(tail));
  }

 private:
  /// A stage in its place, or an end of the chain.
  struct Unit {
    std::string name;
    Stage* stage = nullptr;
    Sink* sink = nullptr;
    Source* source = nullptr;
    std::vector<std::pair<std::string, PlanPtr>> on_error;  // whose failures, and where they go
    bool hidden = false;                                    // not one of the plan's
    std::size_t reach = 0;  // how many records may overtake one in it; 0: it keeps them in order
    std::optional<StageRow::Block> block;
    std::string fused;  // the name of a stage that has become a part of this one
  };

  static bool is_source(const PlannedStage& stage) { return signature_of(stage).kind == StageKind::source; }

  static bool has_own_timeout(const PlannedStage& stage) {
    const auto& rows = signature_of(stage).args;
    return std::any_of(rows.begin(), rows.end(), [](const ArgRow& row) { return row.key == "timeout"; });
  }

  Status add(const PlannedStage& planned) {
    const bool has_entry = facts_[at_].has_entry;
    if (context_.job != nullptr && facts_.fetches_elsewhere(at_))
      add_hidden("divide", std::make_unique<DivideAnew>(context_));
    auto made = make(planned);
    if (!made) return made.error();
    if (facts_.moves_elsewhere(at_)) std::get<std::unique_ptr<RecordOp>>(*made)->run_elsewhere();
    ask_before(*made, planned);
    Unit unit;
    unit.name = signature_of(planned).name;
    if (planned.on_error) unit.on_error.emplace_back(unit.name, planned.on_error);
    if (auto* op = std::get_if<std::unique_ptr<RecordOp>>(&*made)) {
      add_op(std::move(*op), std::move(unit));
      return std::nullopt;
    }
    chain_ = nullptr;
    if (auto error = std::visit([&](auto& stage) { return place(std::move(stage), unit); }, *made)) {
      return error;
    }
    units_.push_back(std::move(unit));
    if (is_source(planned)) behind_source();
    if (is_source(planned) || has_entry) return begin_order(at_ + 1);
    return std::nullopt;
  }

  Result<AnyStage> make(const PlannedStage& planned) {
    if (entered_ != nullptr && facts_[at_].has_entry) return AnyStage(std::move(entered_));
    return planned.args.row().make(planned.args, context_);
  }

  // Programs that aren't native are evaluated elsewhere, on the way to the stage.
  void ask_before(const AnyStage& made, const PlannedStage& planned) {
    const auto programs = foreign_programs(made);
    const PageUse use = facts_[at_].page;
    const bool about_pages = use != PageUse::no_extractor && use != PageUse::none;
    const bool joins = page_ask_ != nullptr && about_pages && !planned.on_error &&
                       planned.timeout == page_ask_of_->timeout && planned.n == page_ask_of_->n;
    if (!joins && (use == PageUse::no_extractor || !programs.empty())) page_ask_ = nullptr;
    if (programs.empty()) return;
    if (joins) return page_ask_->add(programs);
    Unit unit;
    AskOptions options;
    unit.name = options.name = about_pages ? "xpath" : "jq";
    if (!has_own_timeout(planned)) {  // which is not of its programs
      options.limit = planned.timeout;
      options.ahead = planned.n.value_or(options.ahead);
    }
    options.failed_too = std::holds_alternative<std::unique_ptr<Sink>>(made);
    auto ask = std::make_unique<Ask>(programs, context_, options);
    if (about_pages && !planned.on_error) {
      page_ask_ = ask.get();
      page_ask_of_ = &planned;
    }
    unit.stage = keep(std::move(ask));
    units_.push_back(std::move(unit));
    chain_ = nullptr;
  }

  // Neighbours share a task; one with an on-error block of its own has a task of its own.
  void add_op(std::unique_ptr<RecordOp> op, Unit unit) {
    if (chain_ == nullptr || !unit.on_error.empty()) {
      auto chain = std::make_unique<OpChain>();
      chain_ = chain.get();
      unit.stage = keep(std::move(chain));
      units_.push_back(std::move(unit));
    } else {
      units_.back().name += "+" + unit.name;
    }
    const auto& planned = stages_[at_];
    chain_->add(std::move(op), planned.timeout, signature_of(planned).name.data());
    if (!units_.back().on_error.empty()) chain_ = nullptr;
  }

  Status place(std::unique_ptr<Source> source, Unit& unit) {
    unit.source = pipeline_.source = source.get();
    pipeline_.sources.push_back(std::move(source));
    return std::nullopt;
  }
  Status place(std::unique_ptr<Sink> sink, Unit& unit) {
    sink->set_timeout(stages_[at_].timeout);
    unit.sink = sink.get();
    pipeline_.sinks.push_back(std::move(sink));
    return std::nullopt;
  }
  Status place(std::unique_ptr<RecordStage> work, Unit& unit) {
    unit.stage =
        keep(std::make_unique<Workers>(std::move(work), stages_[at_].n.value_or(1), stages_[at_].timeout,
                                       signature_of(stages_[at_]).name.data()));
    unit.reach = kBetweenStages + 2 * stages_[at_].n.value_or(1);
    return std::nullopt;
  }
  Status place(std::unique_ptr<RecordOp> /*op*/, Unit& /*unit*/) { return std::nullopt; }
  Status place(std::unique_ptr<Stage> stage, Unit& unit) {
    const auto& planned = stages_[at_];
    unit.reach = facts_[at_].reach;
    if (const auto blocks = planned.args.row().blocks(planned.args); !blocks.empty()) {
      unit.block = blocks.front();
    }
    stage->set_timeout(planned.timeout);
    unit.stage = keep(std::move(stage));
    Fetching* fetching = unit.stage->fetching();
    if (fetching == nullptr) return std::nullopt;
    auto error = fuse_save(*fetching, unit);
    if (is_arranged()) fetching->put_in_sequence(sequence_name(unit.name + ".fetch"), kAnyReach);
    return error;
  }

  [[nodiscard]] bool is_arranged() const noexcept {
    return context_.recording != nullptr || context_.player != nullptr;
  }
  // The same in each run of one spec, and mostly in one of it that was changed.
  std::string sequence_name(const std::string& stage) {
    const std::string name = prefix_ + stage;
    return name + "." + std::to_string(++context_.sequences[name]);
  }

  // A stage that comes next and takes bodies as they come becomes a part of the fetch.
  Status fuse_save(Fetching& fetching, Unit& unit) {
    const PlannedStage* next = at_ + 1 < stages_.size() ? &stages_[at_ + 1] : nullptr;
    const bool fused = next != nullptr && facts_[at_ + 1].takes_streams;
    const BodyUse use = body_use(unit, at_ + (fused ? 2 : 1));
    if (!fused) return fetching.set_body_use(use, nullptr);
    ++at_;
    unit.fused = signature_of(*next).name;
    unit.name += "+" + unit.fused;
    if (next->on_error) unit.on_error.emplace_back(unit.fused, next->on_error);
    return fetching.set_body_use(use, &next->args);
  }

  // That of the stages from the `from`-th on, and of the unit's own blocks.
  [[nodiscard]] BodyUse body_use(const Unit& unit, std::size_t from) const {
    std::vector<PlanPtr> blocks;
    if (unit.block) blocks.push_back(*unit.block->plan);
    for (const auto& block : unit.on_error) blocks.push_back(block.second);
    return facts_.body_use(from, blocks);
  }

  void behind_source() {
    const auto add_unit = [this](const char* name, std::unique_ptr<Stage> stage) {
      Unit unit;
      unit.name = name;
      unit.stage = keep(std::move(stage));
      units_.push_back(std::move(unit));
    };
    if (context_.job != nullptr) {
      const bool fetches_next = stages_.size() > 1 && stages_[1].args.row().fetch(stages_[1].args) != nullptr;
      add_unit("job", std::make_unique<Share>(context_, fetches_next));
    }
    if (context_.journal != nullptr) add_unit("journal", std::make_unique<Resume>(context_));
    if (context_.leftovers != nullptr)
      add_unit("leftovers", std::make_unique<Leftovers>(*context_.leftovers));
  }

  // Where the part of a later stage begins, its entry stands here. That stage is made now, with its entry.
  Status begin_order(std::size_t from) {
    const auto at = facts_.entry_from(from);
    if (!at) return std::nullopt;
    const auto& next = stages_[*at];
    auto made = next.args.row().make(next.args, context_);
    if (!made) return made.error();
    entered_ = std::get<std::unique_ptr<Stage>>(std::move(*made));
    add_hidden("places", entered_->make_entry());
    return std::nullopt;
  }

  void add_hidden(const char* name, std::unique_ptr<Stage> stage) {
    Unit unit;
    unit.name = name;
    unit.hidden = true;
    unit.stage = keep(std::move(stage));
    units_.push_back(std::move(unit));
    chain_ = nullptr;
    page_ask_ = nullptr;
  }

  Stage* keep(std::unique_ptr<Stage> stage) {
    pipeline_.stages.push_back(std::move(stage));
    return pipeline_.stages.back().get();
  }

  Result<RecordSender> join(RecordSender next) {
    std::vector<Pipeline::Joint> joints;
    for (std::size_t i = units_.size(); i-- > 0;) {
      auto& unit = units_[i];
      const std::string before = i > 0 ? units_[i - 1].name : "";
      auto sender = join(unit, std::move(next));
      if (!sender) return sender.error();
      next = std::move(*sender);
      if (i > 0) joints.push_back({prefix_ + before + " > " + unit.name, next.channel()});
    }
    pipeline_.joints.insert(pipeline_.joints.end(), joints.rbegin(), joints.rend());
    pipeline_.seats.insert(pipeline_.seats.begin(), seats_.rbegin(), seats_.rend());
    return next;
  }

  // The sender into the unit, which sends into `next`.
  Result<RecordSender> join(Unit& unit, RecordSender next) {
    if (!unit.on_error.empty()) next = arrange(unit, ".all", kAnyReach, std::move(next));
    if (unit.sink != nullptr) {
      for (const auto& [name, plan] : unit.on_error) {
        auto sender = block(name + ".on-error", *plan);
        if (!sender) return sender.error();
        unit.sink->set_on_error(std::move(*sender));
      }
      auto in = launch(*unit.sink, unit.name);
      seat(unit, in.channel(), {});
      return in;
    }
    if (unit.block) {
      const ArgRow& row = *unit.block->row;
      RecordSender tail;
      RecordReceiver back;
      if (row.open_end) std::tie(tail, back) = make_channel<RecordPtr>(kBetweenStages);
      const std::string name = row.key.empty() ? unit.name : unit.name + "." + std::string(row.key);
      ChainBuilder builder(**unit.block->plan, prefix_ + name + "/", context_, pipeline_);
      auto into = builder.build(std::move(tail));
      if (!into) return into.error();
      if (row.open_end && !is_arranged()) builder.leave_out(*unit.stage);
      unit.stage->set_block(std::move(*into), std::move(back));
    }
    RecordSender out = next;
    for (const auto& [stage, plan] : unit.on_error) {
      auto sender = block(stage + ".on-error", *plan);
      if (!sender) return sender.error();
      out = launch(*keep(std::make_unique<Divert>(whose(unit, stage), std::move(*sender), context_.ledger)),
                   stage + ".errors", std::move(out));
    }
    if (unit.reach > 0) out = arrange(unit, "", unit.reach, std::move(out));
    const auto to = out.channel();
    if (unit.source != nullptr) {
      auto none = launch(*unit.source, unit.name, std::move(out));
      seat(unit, {}, to);
      return none;
    }
    auto in = launch(*unit.stage, unit.name, std::move(out));
    seat(unit, in.channel(), to);
    if (unit.on_error.empty()) return in;
    return launch(*keep(std::make_unique<Bypass>(std::move(next))), unit.name + ".bypass", std::move(in));
  }

  // Tells this block's last stage what the stage that has the block drops.
  void leave_out(const Stage& owner) {
    const auto* unwanted = dynamic_cast<const Unwanted*>(&owner);
    auto* last = units_.empty() ? nullptr : dynamic_cast<LeavesOut*>(units_.back().stage);
    if (unwanted != nullptr && last != nullptr) last->leave_out(*unwanted);
  }

  // What comes into the sender goes on to `next` in the order of the recording, if there is one.
  RecordSender arrange(const Unit& unit, const char* what, std::size_t reach, RecordSender next) {
    if (!is_arranged()) return next;
    auto sequence = std::make_unique<Sequence>(sequence_name(unit.name + what), reach, context_);
    return launch(*keep(std::move(sequence)), unit.name + ".sequence", std::move(next));
  }

  // What stands before a stage has been led around it, so all failures behind it are its own.
  static Divert::Of whose(const Unit& unit, const std::string& stage) {
    if (unit.fused.empty()) return Divert::Of::all;
    return stage == unit.fused ? Divert::Of::save : Divert::Of::others;
  }

  Result<RecordSender> block(const std::string& name, const Plan& plan, RecordSender tail = {}) {
    return ChainBuilder(plan, prefix_ + name + "/", context_, pipeline_).build(std::move(tail));
  }

  // Of the unit that was launched last.
  void seat(const Unit& unit, Pipeline::ChannelRef in, Pipeline::ChannelRef out) {
    if (unit.hidden) return;
    seats_.push_back({prefix_ + unit.name, unit.stage, unit.sink, std::move(in), std::move(out),
                      pipeline_.launches.size() - 1});
  }

  RecordSender launch(Sink& sink, const std::string& name) {
    auto [sender, receiver] = make_channel<RecordPtr>(kBetweenStages);
    auto in = std::make_shared<RecordReceiver>(std::move(receiver));
    pipeline_.launches.push_back({prefix_ + name, [&sink, in] { return sink.run(std::move(*in)); }, {}});
    return std::move(sender);
  }
  RecordSender launch(Stage& stage, const std::string& name, RecordSender out) {
    auto [sender, receiver] = make_channel<RecordPtr>(kBetweenStages);
    auto in = std::make_shared<RecordReceiver>(std::move(receiver));
    auto to = std::make_shared<RecordSender>(std::move(out));
    pipeline_.launches.push_back({prefix_ + name,
                                  [&stage, in, to] { return stage.run(std::move(*in), std::move(*to)); },
                                  to->channel()});
    return std::move(sender);
  }
  RecordSender launch(Source& source, const std::string& name, RecordSender out) {
    auto to = std::make_shared<RecordSender>(std::move(out));
    pipeline_.launches.push_back(
        {prefix_ + name, [&source, to] { return source.run(std::move(*to)); }, to->channel()});
    return {};
  }

  const std::vector<PlannedStage>& stages_;
  const ChainFacts facts_;
  std::string prefix_;
  RunContext& context_;
  Pipeline& pipeline_;
  std::vector<Unit> units_;
  std::vector<Pipeline::Seat> seats_;          // back to front
  std::unique_ptr<Stage> entered_;             // a stage further on, whose part has begun
  OpChain* chain_ = nullptr;                   // the last unit, if it takes another operation
  Ask* page_ask_ = nullptr;                    // before that, if all its operations are extractors
  const PlannedStage* page_ask_of_ = nullptr;  // the first of these
  std::size_t at_ = 0;
};

}  // namespace

Result<Pipeline> build_pipeline(const Plan& plan, RunContext& context) {
  if (auto error = check_plan(plan)) return std::move(*error);
  Pipeline pipeline;
  auto built = ChainBuilder(plan, "", context, pipeline).build();
  if (!built) return built.error();
  return pipeline;
}

}  // namespace leat::pipelines
