#pragma once

#include <cstdint>
#include <utility>

#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Before a stage with an on-error block: leads what has failed already around it, so that behind the stage
/// only its own failures are left.
class Bypass final : public Stage {
 public:
  explicit Bypass(RecordSender around) noexcept : around_(std::move(around)) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  RecordSender around_;
};

/// Behind a stage: what has failed goes into its on-error block, where its error is data like the rest.
class Divert final : public Stage {
 public:
  /// Of two in one task: whose failures these are.
  enum class Of : std::uint8_t { save, others, all };
  Divert(Of of, RecordSender block) noexcept : of_(of), block_(std::move(block)) {}
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;

 private:
  [[nodiscard]] bool is_ours(const Error& error) const noexcept;

  Of of_;
  RecordSender block_;
};

}  // namespace leat::pipelines
