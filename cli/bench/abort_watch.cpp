#include "cli/bench/abort_watch.hpp"

#include <cstddef>
#include <utility>

namespace leat::cli {

namespace {

constexpr std::size_t kMostBlocks = 600;

}  // namespace

AbortWatch::AbortWatch(std::vector<Check> bounds, load::LoadObserver* next, std::function<void()> abort)
    : bounds_(std::move(bounds)), next_(next), abort_(std::move(abort)) {}

// However long the run is, there are few blocks to look at; each two become one when they are too many.
void AbortWatch::add_block(async::Duration lasts, std::uint64_t answers) {
  auto& blocks = so_far_.blocks;
  if (blocks.empty() || blocks.back().lasts >= block_lasts_) blocks.emplace_back();
  blocks.back().lasts += lasts;
  blocks.back().answers += static_cast<double>(answers);
  if (blocks.size() <= kMostBlocks) return;
  for (std::size_t i = 0; i + 1 < blocks.size(); i += 2) {
    blocks[i / 2] = {blocks[i].lasts + blocks[i + 1].lasts, blocks[i].answers + blocks[i + 1].answers};
  }
  if (blocks.size() % 2 == 1) blocks[blocks.size() / 2] = blocks.back();
  blocks.resize((blocks.size() + 1) / 2);
  block_lasts_ = blocks.front().lasts;
}

void AbortWatch::on_started() {
  if (next_ != nullptr) next_->on_started();
}

void AbortWatch::on_slice(const load::Slice& slice) {
  if (next_ != nullptr) next_->on_slice(slice);
  if (slice.start < async::Duration::zero() || !reason_.empty()) return;
  load::Tally& totals = so_far_.totals;
  totals.scheduled += slice.sent;
  totals.sent += slice.sent;
  totals.ok += slice.ok;
  totals.finished_in_time += slice.ok;
  totals.status_errors += slice.status_errors;
  totals.failed += slice.failed;
  so_far_.latency.response.merge(slice.response);
  so_far_.measured += slice.lasts;
  add_block(slice.lasts, slice.ok);
  for (const auto& bound : bounds_) {
    const auto outcome = apply(bound, so_far_, CheckMode::interval);
    if (outcome.state != CheckOutcome::State::holds) continue;
    reason_ = bound.text + ": " + metric_of(bound) + " was " + measured_text(outcome);
    abort_();
    return;
  }
}

}  // namespace leat::cli
