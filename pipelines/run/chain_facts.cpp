#include "pipelines/run/chain_facts.hpp"

#include <algorithm>

namespace leat::pipelines {

ChainFacts::ChainFacts(const std::vector<PlannedStage>& stages) : stages_(stages) {
  for (const auto& stage : stages_) facts_.push_back(stage.args.row().facts(stage.args));
}

bool ChainFacts::moves_elsewhere(std::size_t at) const {
  if (facts_[at].page != PageUse::movable) return false;
  std::size_t first = at;
  while (first > 0 && is_extractor(first - 1)) --first;
  for (; first < stages_.size() && is_extractor(first); ++first) {
    if (facts_[first].page == PageUse::elsewhere) return true;
  }
  return false;
}

BodyUse ChainFacts::body_use(std::size_t from, const std::vector<PlanPtr>& blocks) const {
  const auto any = [&](auto reads) { return std::any_of(blocks.begin(), blocks.end(), reads); };
  if (reads_text(stages_, from) || any([](const PlanPtr& block) { return reads_text(block); })) {
    return BodyUse::text;
  }
  const bool held = reads_body(stages_, from) || any([](const PlanPtr& block) { return reads_body(block); });
  return held ? BodyUse::bytes : BodyUse::none;
}

bool ChainFacts::fetches(std::size_t at) const {
  return stages_[at].args.row().fetch(stages_[at].args) != nullptr;
}

bool ChainFacts::fetches_elsewhere(std::size_t at) const {
  if (!fetches(at)) return false;
  while (at-- > 0) {
    if (facts_[at].url != UrlUse::stays) return true;
    if (fetches(at)) return false;
  }
  return false;
}

bool ChainFacts::has_answers(std::size_t at) const {
  while (at-- > 0) {
    if (facts_[at].url == UrlUse::of_others) return false;
    if (fetches(at)) return true;
  }
  return false;
}

std::optional<std::size_t> ChainFacts::entry_from(std::size_t from) const {
  for (std::size_t at = from; at < facts_.size(); ++at) {
    if (facts_[at].has_entry) return at;
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
