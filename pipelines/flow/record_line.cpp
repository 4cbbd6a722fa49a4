#include "pipelines/flow/record_line.hpp"

#include <algorithm>
#include <utility>

namespace leat::pipelines {

RecordLine::RecordLine(const std::vector<std::uint64_t>& order, std::size_t reach)
    : reach_(reach), size_(order.size()) {
  for (std::size_t place = 0; place < order.size(); ++place) places_[order[place]].push_back(place);
}

void RecordLine::put(RecordPtr record) {
  const auto at = places_.find(record->id);
  if (at == places_.end()) {
    unknown_.push_back(std::move(record));
    return;
  }
  known_.emplace(at->second.front(), std::move(record));
  at->second.pop_front();
  if (at->second.empty()) places_.erase(at);
  if (known_.size() > reach_) skip();
}

RecordPtr RecordLine::pop() {
  RecordPtr record;
  if (!known_.empty()) {
    const auto first = known_.begin();
    if (first->first > next_) return nullptr;
    if (first->first == next_) ++next_;
    record = std::move(first->second);
    known_.erase(first);
  } else if (next_ >= size_ && !unknown_.empty()) {
    record = std::move(unknown_.front());
    unknown_.pop_front();
  }
  return record;
}

void RecordLine::skip() noexcept { next_ = known_.empty() ? size_ : std::max(next_, known_.begin()->first); }

}  // namespace leat::pipelines
