#include "pipelines/flow/stage_memory.hpp"

#include <utility>

#include "engine/text/hash.hpp"
#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

StageMemory::StageMemory(Resuming& run) : run_(run), number_(++run.last_memory) {
  if (!is_kept()) return;
  for (const Remembered& known : run.journal->take_memory(number_)) {
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
  if (is_kept() && values_.emplace(key, value).second) run_.journal->remember(number_, key, value);
}

// A failure is not looked at here: the journal tells the run of it, which ends.
async::Task<void> StageMemory::commit() {
  if (!is_kept()) co_return;
  auto committing = run_.journal->commit();
  co_await std::move(committing);
}

SeenKeys::SeenKeys(Resuming& run, std::size_t in_memory)
    : run_(run), in_memory_(in_memory), number_(++run.last_memory) {}

SeenKeys::Answer SeenKeys::look(std::string_view key, std::uint64_t id) {
  if (run_.state == nullptr) {
    if (known_.contains(key)) return Answer::seen;
    if (known_.size() < in_memory_) {
      known_.insert(key);
      return Answer::first;
    }
  }
  open_.push_back({text::hash64(key), id});
  return Answer::on_disk;
}

async::Task<Result<std::vector<bool>>> SeenKeys::ask(bool lasting) {
  auto asked = std::exchange(open_, {});
  if (run_.state == nullptr && !own_) {
    auto made = Journal::temporary(async::EventLoop::current());
    if (!made.ok()) co_return std::move(made.error());
    own_ = std::move(*made);
  }
  RunState& disk = run_.state != nullptr ? *run_.state : *own_;
  auto keeping = disk.keep_first(number_, asked);
  auto firsts = co_await std::move(keeping);
  if (!firsts.ok()) co_return std::move(firsts.error());
  if (lasting && run_.state != nullptr) {
    auto committing = disk.commit();
    if (auto error = co_await std::move(committing)) co_return std::move(*error);
  }
  std::vector<bool> answers;
  answers.reserve(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) answers.push_back((*firsts)[i] == asked[i].id);
  co_return answers;
}

}  // namespace leat::pipelines
