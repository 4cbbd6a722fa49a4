#pragma once

#include <cstdint>
#include <utility>

#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Stands before a stage with an on-error block, and leads records that have failed already around that
/// stage: all failures that come out of it are its own.
class Bypass final : public Stage {
 public:
  explicit Bypass(RecordSender around) noexcept : around_(std::move(around)) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  RecordSender around_;
};

/// Stands behind a stage, and leads records that have failed into its on-error block, where their errors are
/// data like the rest. If the block comes to an end, as with a `limit`, further failures are skipped, and the
/// other records go on.
class Divert final : public Stage {
 public:
  /// Of two stages in one task: whose failures go into the block.
  enum class Of : std::uint8_t { save, others, all };
  Divert(Of of, RecordSender block, const Ledger& ledger) noexcept
      : of_(of), block_(std::move(block)), ledger_(ledger) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  [[nodiscard]] bool is_ours(const Error& error) const noexcept;
  async::Task<void> put_into(RecordSender& block, RecordPtr record) const;

  Of of_;
  RecordSender block_;
  const Ledger& ledger_;
};

}  // namespace leat::pipelines
