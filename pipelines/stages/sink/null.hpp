#pragma once

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"

namespace leat::pipelines {

/// null: takes records and prints nothing.
class Null final : public Sink {
 public:
  explicit Null(RunContext& context) noexcept : context_(context) {}

  async::Task<Status> run(RecordReceiver in) override {
    for (;;) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      context_.failures.add(context_.failures.note(**record));
      (*record)->ticket.settle((*record)->outcome);
      ++ended_;
    }
  }
  [[nodiscard]] std::uint64_t ended() const override { return ended_; }

 private:
  RunContext& context_;
  std::uint64_t ended_ = 0;
};

}  // namespace leat::pipelines
