#include "pipelines/flow/stage_memory.hpp"

#include <utility>

#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

StageMemory::StageMemory(RunContext& context) : context_(context), number_(++context.last_memory) {
  if (!is_kept()) return;
  for (const Remembered& known : context.journal->take_memory(number_)) {
    values_.emplace(known.key, known.value);
    unfinished_ += known.is_done ? 0 : 1;
  }
  known_ = values_.size();
}

std::optional<std::uint64_t> StageMemory::find(std::uint64_t key) const {
  const auto at = values_.find(key);
  return at == values_.end() ? std::nullopt : std::optional(at->second);
}

void StageMemory::keep(std::uint64_t key, std::uint64_t value) {
  if (is_kept() && values_.emplace(key, value).second) context_.journal->remember(number_, key, value);
}

// What fails is the journal's to tell, which ends the run.
async::Task<void> StageMemory::commit() {
  if (!is_kept()) co_return;
  auto committing = context_.journal->commit();
  co_await std::move(committing);
}

}  // namespace leat::pipelines
