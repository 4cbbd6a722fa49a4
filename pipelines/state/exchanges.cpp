#include "pipelines/state/exchanges.hpp"

#include <utility>

namespace leat::pipelines {

Status Exchanges::open(const Plan& plan) {
  if (!plan.record_dir.empty()) {
    auto store = ExchangeStore::create(plan.record_dir);
    if (!store) return std::move(store.error());
    if (auto failed = (*store).begin_run()) return failed;
    recording = std::make_unique<Recording>(std::move(*store), redactor_of(plan));
  }
  if (!plan.replay_dir.empty()) {
    auto store = ExchangeStore::open(plan.replay_dir);
    if (!store) return std::move(store.error());
    auto makers = (*store).makers();
    if (!makers) return std::move(makers.error());
    Recording played(std::move(*store), redactor_of(plan));
    player = std::make_unique<ExchangePlayer>(std::move(played), std::move(*makers));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
