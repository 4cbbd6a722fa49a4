#pragma once

#include <utility>

#include "pipelines/flow/emitter.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// urls: a record for each URL that the plan itself names.
class Urls final : public Source {
 public:
  Urls(UrlsArgs args, RunContext& context) : args_(std::move(args)), context_(context) {}

  async::Task<Status> run(RecordSender out) override;
  void stop() noexcept override { stopped_ = true; }

 private:
  UrlsArgs args_;
  RunContext& context_;
  bool stopped_ = false;
};

}  // namespace leat::pipelines
