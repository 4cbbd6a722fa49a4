#pragma once

#include <string>
#include <vector>

#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/flow/stage_memory.hpp"
#include "pipelines/plan/plan.hpp"

namespace leat::pipelines {

/// dedupe: passes the first record of each key on, in memory that doesn't grow with the keys: see SeenKeys.
/// The others count as skipped; with `show` they go on to the end as that, with the reason.
class Dedupe final : public Stage {
 public:
  Dedupe(const DedupeArgs& args, RunContext& context);
  async::Task<Status> run(RecordReceiver in, RecordSender out) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&key_}; }

 private:
  /// A record that is looked at, and what is known of it.
  struct Looked {
    Looked(RecordPtr r, SeenKeys::Answer a) noexcept : record(std::move(r)), answer(a) {}
    RecordPtr record;
    SeenKeys::Answer answer;
  };

  [[nodiscard]] SeenKeys::Answer look_at(Record& record);
  async::Task<Status> ask(std::vector<Looked>& batch);
  [[nodiscard]] bool goes_on(Looked& looked) const;

  RunContext& context_;
  Program key_;
  const bool by_url_;
  const bool show_;
  SeenKeys seen_;
  RecordView view_;
  JsonTexts outputs_;
  std::string joined_;
};

}  // namespace leat::pipelines
