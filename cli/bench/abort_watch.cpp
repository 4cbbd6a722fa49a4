#include "cli/bench/abort_watch.hpp"

#include <utility>

namespace leat::cli {

AbortWatch::AbortWatch(std::vector<Check> bounds, load::LoadObserver* next, std::function<void()> abort)
    : bounds_(std::move(bounds)), next_(next), abort_(std::move(abort)) {}

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
  so_far_.blocks.push_back({slice.lasts, static_cast<double>(slice.ok)});
  for (const auto& bound : bounds_) {
    const auto outcome = apply(bound, so_far_, CheckMode::interval);
    if (outcome.state != CheckOutcome::State::holds) continue;
    reason_ = bound.text + ": " + metric_of(bound) + " was " + measured_text(outcome);
    abort_();
    return;
  }
}

}  // namespace leat::cli
