#include "pipelines/body_use.hpp"

#include <algorithm>

namespace leat::pipelines {

namespace {

bool reads_body(const PlanPtr& block) { return block != nullptr && reads_body(block->stages, 0); }

/// Of one stage's own arguments.
struct ReadsBody {
  template <class Args>
  bool operator()(const Args& /*args*/) const {
    return false;
  }
  bool operator()(const SaveArgs& /*args*/) const { return true; }
  bool operator()(const WriteArgs& args) const { return args.include_body; }
  bool operator()(const TeeArgs& args) const { return reads_body(args.block); }
};

}  // namespace

bool reads_body(const std::vector<PlannedStage>& stages, std::size_t from) {
  return std::any_of(stages.begin() + static_cast<std::ptrdiff_t>(std::min(from, stages.size())),
                     stages.end(), [](const PlannedStage& stage) {
                       return std::visit(ReadsBody(), stage.args) || reads_body(stage.on_error);
                     });
}

bool reads_body(const std::vector<std::pair<std::string, PlanPtr>>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](const auto& block) { return reads_body(block.second); });
}

}  // namespace leat::pipelines
