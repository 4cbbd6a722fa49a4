#pragma once

#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// null: takes records and prints nothing.
class Null final : public Sink {
 public:
  async::Task<Status> run(RecordReceiver in) override {
    for (;;) {
      auto record = co_await in.next();
      if (!record) co_return std::nullopt;
      (*record)->ticket.settle((*record)->outcome);
    }
  }
};

}  // namespace leat::pipelines
