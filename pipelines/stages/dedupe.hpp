#pragma once

#include <vector>

#include "pipelines/plan.hpp"
#include "pipelines/stages/name_set.hpp"
#include "pipelines/stages/program.hpp"
#include "pipelines/stages/stage.hpp"

namespace leat::pipelines {

/// dedupe: passes the first record of each key on. Keys are kept as 64-bit hashes, 8 to 16 bytes each.
class Dedupe final : public RecordOp {
 public:
  explicit Dedupe(const DedupeArgs& args) : key_(args.by) {}
  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override { return {&key_}; }

 private:
  Program key_;
  NameSet seen_;
  JsonTexts outputs_;
  std::string joined_;
};

}  // namespace leat::pipelines
