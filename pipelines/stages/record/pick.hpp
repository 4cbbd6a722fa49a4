#pragma once

#include <cstdint>
#include <random>

#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stage_memory.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

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

/// sample: passes each record on with a probability; with a seed, the same ones each time. With a
/// journal a record's luck hangs on its id, so that it has the same in the next run.
class Sample final : public RecordOp {
 public:
  Sample(const SampleArgs& args, RunContext& context);
  Verdict apply(Record& record, RecordView& view) override;

 private:
  StageMemory memory_;  // the seed
  std::uint64_t seed_;
  std::mt19937_64 random_;
  std::bernoulli_distribution chosen_;
};

}  // namespace leat::pipelines
