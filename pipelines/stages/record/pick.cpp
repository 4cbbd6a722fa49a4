#include "pipelines/stages/record/pick.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "engine/text/hash.hpp"
#include "pipelines/flow/job_pick.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stage_memory.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/state/job.hpp"

namespace leat::pipelines {

namespace {

constexpr std::uint64_t kSeed = 0;  // its key

std::uint64_t new_seed(const RunContext& context) {
  return context.job != nullptr ? context.job->seed() : std::random_device()();
}

std::uint64_t left_of(std::uint64_t n, const StageMemory& memory) {
  return n - std::min<std::uint64_t>(n, memory.known());
}

/// limit: passes the first `n` records on, then ends what comes before. With a journal these are the first of
/// all runs; those that a kill interrupted come again.
class Limit final : public RecordOp {
 public:
  Limit(const LimitArgs& args, RunContext& context);
  Verdict apply(Record& record, RecordView& view) override;
  /// With a journal a record waits until it is kept that it passes.
  [[nodiscard]] bool is_long(const Record& record) const noexcept override;
  async::Task<void> prepare(Record& record, RecordView& view) override;
  [[nodiscard]] bool is_over() const noexcept override { return left_ == 0 && again_ == 0; }

 private:
  void let_pass(const Record& record);

  StageMemory memory_;  // which have passed
  std::uint64_t left_;
  std::uint64_t again_;  // that have passed in a run before and are still to end
  bool prepared_ = false;
};

/// skip: drops the first `n` records, of all runs if there is a journal.
class Skip final : public RecordOp {
 public:
  Skip(const SkipArgs& args, RunContext& context);
  Verdict apply(Record& record, RecordView& view) override;
  /// With a journal the first that isn't dropped waits until it is kept which ones were.
  [[nodiscard]] bool is_long(const Record& record) const noexcept override;
  async::Task<void> prepare(Record& record, RecordView& view) override;

 private:
  StageMemory memory_;  // which were dropped
  std::uint64_t left_;
  bool committed_ = false;
};

/// sample: passes each record on with a probability; with a seed, the same ones each time. With a journal or
/// a job a record's luck hangs on its id, so that it has the same in the next run, or in another process.
class Sample final : public RecordOp {
 public:
  Sample(const SampleArgs& args, RunContext& context);
  Verdict apply(Record& record, RecordView& view) override;

 private:
  StageMemory memory_;  // the seed
  const bool by_id_;
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::bernoulli_distribution chosen_;
};

}  // namespace

Limit::Limit(const LimitArgs& args, RunContext& context)
    : memory_(context), left_(left_of(args.n, memory_)), again_(memory_.unfinished()) {}

bool Limit::is_long(const Record& record) const noexcept {
  return memory_.is_kept() && left_ > 0 && !memory_.find(record.id);
}

async::Task<void> Limit::prepare(Record& record, RecordView& /*view*/) {
  let_pass(record);
  auto committing = memory_.commit();
  co_await std::move(committing);
  prepared_ = true;
}

void Limit::let_pass(const Record& record) {
  const auto& family = record.ticket.family();
  memory_.keep(record.id, family ? family->root_id() : 0);
  --left_;
}

RecordOp::Verdict Limit::apply(Record& record, RecordView& /*view*/) {
  if (std::exchange(prepared_, false)) {
    // It was let pass there.
  } else if (memory_.find(record.id)) {
    if (again_ > 0) --again_;
  } else if (left_ > 0) {
    let_pass(record);
  } else {
    return Verdict::drop;
  }
  return is_over() ? Verdict::last : Verdict::pass;
}

Skip::Skip(const SkipArgs& args, RunContext& context) : memory_(context), left_(left_of(args.n, memory_)) {}

bool Skip::is_long(const Record& /*record*/) const noexcept {
  return memory_.is_kept() && left_ == 0 && !committed_;
}

async::Task<void> Skip::prepare(Record& /*record*/, RecordView& /*view*/) {
  auto committing = memory_.commit();
  co_await std::move(committing);
  committed_ = true;
}

RecordOp::Verdict Skip::apply(Record& record, RecordView& /*view*/) {
  if (memory_.find(record.id)) return Verdict::drop;
  if (left_ == 0) return Verdict::pass;
  --left_;
  memory_.keep(record.id, 0);
  return Verdict::drop;
}

Sample::Sample(const SampleArgs& args, RunContext& context)
    : memory_(context),
      by_id_(context.state != nullptr),
      seed_(memory_.find(kSeed).value_or(args.seed != 0 ? args.seed : new_seed(context))),
      random_(seed_),
      chosen_(args.fraction) {
  memory_.keep(kSeed, seed_);
}

RecordOp::Verdict Sample::apply(Record& record, RecordView& /*view*/) {
  if (by_id_) random_.seed(text::mix64(seed_ ^ text::mix64(record.id)));
  return chosen_(random_) ? Verdict::pass : Verdict::drop;
}

namespace {

constexpr Refusals kRefused{.on_error = "no record fails in it",
                            .timeout = "it takes no time",
                            .n = "it looks at one record after the other"};

// In a job it is the job that counts.
template <class Own, class Args, JobPick::What what>
Result<AnyStage> make_pick(const Args& args, RunContext& context) {
  if (context.job == nullptr) return make_stage<RecordOp, Own, Args>(args, context);
  return AnyStage(std::unique_ptr<Stage>(std::make_unique<JobPick>(what, args.n, context)));
}

template <class Args>
StageFacts facts_of(const Args& /*args*/) {
  return {.reads_body = false, .ends_by_itself = true, .reach = 0};
}

}  // namespace

const StageRow& row_of(const LimitArgs& /*args*/) noexcept {
  static const StageType<LimitArgs> row({
      .signature = {.name = "limit",
                    .kind = StageKind::record,
                    .help = "passes on the first N good records, then ends the stages before it",
                    .example = "lines \"urls.txt\" | limit 2",
                    .refuses = kRefused},
      .args = {arg<&LimitArgs::n>(
          {.name = "N", .type = ArgType::count, .help = "how many", .required = true, .least = 1})},
      .make = make_pick<Limit, LimitArgs, JobPick::What::first>,
      .facts = facts_of<LimitArgs>,
      .notes = no_notes<LimitArgs>,
  });
  return row;
}

const StageRow& row_of(const SkipArgs& /*args*/) noexcept {
  static const StageType<SkipArgs> row({
      .signature = {.name = "skip",
                    .kind = StageKind::record,
                    .help = "drops the first N records",
                    .example = "lines \"urls.txt\" | skip 1",
                    .refuses = kRefused},
      .args = {arg<&SkipArgs::n>(
          {.name = "N", .type = ArgType::count, .help = "how many", .required = true})},
      .make = make_pick<Skip, SkipArgs, JobPick::What::rest>,
      .facts = facts_of<SkipArgs>,
      .notes = no_notes<SkipArgs>,
  });
  return row;
}

const StageRow& row_of(const SampleArgs& /*args*/) noexcept {
  static const StageType<SampleArgs> row({
      .signature = {.name = "sample",
                    .kind = StageKind::record,
                    .help = "passes on each record with a probability",
                    .example = "lines \"urls.txt\" | sample 50% seed=1",
                    .refuses = kRefused},
      .args = {arg<&SampleArgs::fraction>({.name = "PART",
                                           .type = ArgType::fraction,
                                           .help = "the probability: 0.1 or 10%",
                                           .required = true}),
               arg<&SampleArgs::seed>({.key = "seed",
                                       .name = "N",
                                       .type = ArgType::count,
                                       .help = "choose the same records each time (default others each time)",
                                       .least = 1})},
      .make = make_stage<RecordOp, Sample, SampleArgs>,
      .facts = facts_of<SampleArgs>,
      .notes = no_notes<SampleArgs>,
  });
  return row;
}

}  // namespace leat::pipelines
