#pragma once

#include <vector>

#include "pipelines/plan.hpp"
#include "pipelines/stages/name_set.hpp"
#include "pipelines/stages/program.hpp"
#include "pipelines/stages/stage.hpp"
#include "pipelines/stages/stage_memory.hpp"

namespace leat::pipelines {

/// dedupe: passes the first record of each key on. Keys are kept as 64-bit hashes, 8 to 16 bytes each; 40
/// with a journal, where a record that a kill interrupted is still the first of its key.
class Dedupe final : public RecordOp {
 public:
  Dedupe(const DedupeArgs& args, RunContext& context) : key_(args.by), memory_(context) {}
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&key_}; }

 private:
  Program key_;
  StageMemory memory_;  // which record was the first, where there is a journal
  NameSet seen_;        // elsewhere
  JsonTexts outputs_;
  std::string joined_;
};

}  // namespace leat::pipelines
