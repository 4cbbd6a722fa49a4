#include "pipelines/flow/seen_keys.hpp"

#include <utility>

#include "pipelines/text/hash.hpp"

namespace leat::pipelines {

SeenKeys::SeenKeys(RunContext& context, std::size_t in_memory)
    : context_(context), in_memory_(in_memory), number_(MemoryTable::on_disk(++context.last_memory)) {}

SeenKeys::Answer SeenKeys::look(std::string_view key, std::uint64_t id) {
  if (context_.journal == nullptr) {
    if (known_.contains(key)) return Answer::seen;
    if (known_.size() < in_memory_) {
      known_.insert(key);
      return Answer::first;
    }
  }
  open_.push_back({hash64(key), id});
  return Answer::on_disk;
}

async::Task<Result<std::vector<bool>>> SeenKeys::ask(bool lasting) {
  auto asked = std::exchange(open_, {});
  if (context_.journal == nullptr && !own_) {
    auto made = Journal::temporary(context_.loop);
    if (!made.ok()) co_return std::move(made.error());
    own_ = std::move(*made);
  }
  Journal& disk = context_.journal != nullptr ? *context_.journal : *own_;
  auto keeping = disk.keep_first(number_, asked);
  auto firsts = co_await std::move(keeping);
  if (!firsts.ok()) co_return std::move(firsts.error());
  if (lasting && context_.journal != nullptr) {
    auto committing = disk.commit();
    if (auto error = co_await std::move(committing)) co_return std::move(*error);
  }
  std::vector<bool> answers;
  answers.reserve(asked.size());
  for (std::size_t i = 0; i < asked.size(); ++i) answers.push_back((*firsts)[i] == asked[i].id);
  co_return answers;
}

}  // namespace leat::pipelines
