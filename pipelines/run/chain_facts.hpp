#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "pipelines/flow/stage.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/plan/stage_row.hpp"

namespace leat::pipelines {

/// What the planner must know of a plan's stages, or a block's, and of what stands around each. Some facts
/// take a program to be compiled, so all are asked for once. The stages outlive it.
class ChainFacts {
 public:
  explicit ChainFacts(const std::vector<PlannedStage>& stages);

  [[nodiscard]] const StageFacts& operator[](std::size_t at) const { return facts_[at]; }
  /// Whether that stage reads the parsed page where it can be, while an extractor next to it must read the
  /// same page in the worker's process.
  [[nodiscard]] bool moves_elsewhere(std::size_t at) const;
  /// What the stages from the `from`-th on, and those of the blocks, do with bodies.
  [[nodiscard]] BodyUse body_use(std::size_t from, const std::vector<PlanPtr>& blocks) const;
  /// The next stage from that one on that has an entry.
  [[nodiscard]] std::optional<std::size_t> entry_from(std::size_t from) const;

  /// Whether that stage fetches what may have got another URL since the source, or the fetch before it.
  [[nodiscard]] bool fetches_elsewhere(std::size_t at) const;
  /// Whether records that come to that stage may still have what an earlier fetch brought.
  [[nodiscard]] bool has_answers(std::size_t at) const;

 private:
  [[nodiscard]] bool fetches(std::size_t at) const;
  [[nodiscard]] bool is_extractor(std::size_t at) const { return facts_[at].page != PageUse::no_extractor; }

  const std::vector<PlannedStage>& stages_;
  std::vector<StageFacts> facts_;
};

}  // namespace leat::pipelines
