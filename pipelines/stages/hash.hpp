#pragma once

#include "pipelines/plan.hpp"
#include "pipelines/stages/run_context.hpp"
#include "pipelines/stages/stage.hpp"

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
