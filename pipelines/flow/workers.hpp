#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "pipelines/flow/places.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// Runs a RecordStage for up to `n` records at once, and passes them on as they are done.
class Workers final : public Stage {
 public:
  /// `timeout`: for one record, which then fails at the stage of that `name`; 0: none.
  Workers(std::unique_ptr<RecordStage> work, std::size_t n, async::Duration timeout,
          const char* name) noexcept
      : work_(std::move(work)), places_(n), name_(name) {
    set_timeout(timeout);
  }
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] StageLoad load() const override { return places_.load(); }

 private:
  async::Task<std::optional<RecordPtr>> pull();
  async::Task<RecordPtr> apply(RecordPtr record);

  std::unique_ptr<RecordStage> work_;
  Places places_;
  const char* name_;
  RecordReceiver in_;
};

}  // namespace leat::pipelines
