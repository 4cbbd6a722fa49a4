#include "pipelines/stages/sink/pending_lines.hpp"

#include <algorithm>

#include "pipelines/state/journal.hpp"

namespace leat::pipelines {

bool PendingLines::Pending::is_written() const noexcept {
  if (first.file != nullptr && first.file->written() < first.end) return false;
  return std::all_of(others.begin(), others.end(), [](const Place& place) {
    return place.file->written() >= place.end || place.file->has_ended();
  });
}

void PendingLines::add(Record& record, std::span<OutputGroup* const> groups) {
  auto& pending = pending_.emplace_back(record.outcome, context_.failures.note(record),
                                        std::move(record.ticket), context_.acknowledgement.claim());
  for (const auto* group : groups) {
    for (const auto* file : group->files) {
      const Place place{file, file->appended()};
      if (pending.first.file == nullptr) {
        pending.first = place;
      } else {
        pending.others.push_back(place);
      }
    }
  }
  if (something_pending_) something_pending_->set();
}

void PendingLines::settle() {
  while (!pending_.empty() && pending_.front().is_written()) {
    Pending& front = pending_.front();
    note_written(front.first);
    for (const auto& place : front.others) note_written(place);
    context_.failures.add(front.failure);
    front.ticket.settle(front.outcome);
    pending_.pop_front();
    ++settled_;
  }
}

// The journal is told before the record ends, so that the next run knows that its line is there.
void PendingLines::note_written(const Place& place) const {
  if (context_.journal == nullptr || place.file == nullptr || !place.file->start()) return;
  if (place.file->written() < place.end) return;  // it has ended before
  context_.journal->wrote(place.file->whole_path(), *place.file->start() + place.end);
}

async::Task<void> PendingLines::wait_for_one() {
  while (pending_.empty()) {
    something_pending_.emplace();
    co_await something_pending_->wait();
  }
}

}  // namespace leat::pipelines
