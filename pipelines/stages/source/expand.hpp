#pragma once

#include <utility>

#include "pipelines/flow/emitter.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// expand: a record for each URL that patterns stand for, made one by one; see UrlPattern.
class Expand final : public Source {
 public:
  /// The patterns have been checked.
  Expand(ExpandArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override { stopped_ = true; }

 private:
  ExpandArgs args_;
  RunContext& context_;
  bool stopped_ = false;
};

}  // namespace leat::pipelines
