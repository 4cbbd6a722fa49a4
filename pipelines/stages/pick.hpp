#pragma once

#include <cstdint>
#include <random>

#include "pipelines/plan.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// limit: passes the first `n` records on, then ends what comes before.
class Limit final : public RecordOp {
 public:
  explicit Limit(const LimitArgs& args) noexcept : left_(args.n) {}
  Verdict apply(Record& record, RecordView& view) override;

 private:
  std::uint64_t left_;
};

/// skip: drops the first `n` records.
class Skip final : public RecordOp {
 public:
  explicit Skip(const SkipArgs& args) noexcept : left_(args.n) {}
  Verdict apply(Record& record, RecordView& view) override;

 private:
  std::uint64_t left_;
};

/// sample: passes each record on with a probability; with a seed, the same ones each time.
class Sample final : public RecordOp {
 public:
  explicit Sample(const SampleArgs& args);
  Verdict apply(Record& record, RecordView& view) override;

 private:
  std::mt19937_64 random_;
  std::bernoulli_distribution chosen_;
};

}  // namespace leat::pipelines
