#pragma once

#include "pipelines/flow/run_context.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// hash: the digest of the body as lower-case hex, in `.meta.sha256` or where `as=` says; worked out on a
/// thread of the pool where the body is large.
class Hash final : public RecordStage {
 public:
  Hash(HashArgs args, RunContext& context);
  async::Task<void> apply(Record& record) override;

 private:
  HashArgs args_;
};

}  // namespace leat::pipelines
