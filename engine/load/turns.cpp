#include "engine/load/turns.hpp"

#include <algorithm>

namespace leat::load {

async::Duration slot_delay(const LoadPlan& plan, std::size_t slot) noexcept {
  const double share =
      static_cast<double>(slot) / static_cast<double>(std::max<std::size_t>(plan.concurrency, 1));
  return async::from_seconds(async::in_seconds(plan.ramp_up) * share);
}

Turns::Turns(const LoadPlan& plan, const DriverPart& part)
    : warmup_(plan.warmup),
      measured_(plan.measures_for()),
      left_(part.requests),
      by_count_(part.ends_by_count) {
  if (plan.mode == LoadPlan::Mode::open) schedule_.emplace(plan, part.thread, part.threads);
}

void Turns::start(async::TimePoint start) noexcept {
  start_ = start;
  begin_ = start + warmup_;
  if (measured_.count() > 0) end_ = async::later(begin_, measured_);
}

async::TimePoint Turns::next(async::TimePoint now) const noexcept {
  if (by_count_ && left_ == 0) return async::TimePoint::max();
  return schedule_ ? async::later(start_, schedule_->next()) : now;
}

async::TimePoint Turns::take(async::TimePoint now) noexcept {
  const async::TimePoint planned = next(now);
  if (by_count_ && planned >= begin_) --left_;
  if (schedule_) schedule_->advance();
  return planned;
}

std::optional<async::TimePoint> Turns::take_dropped() noexcept {
  if (!schedule_ || end_ == async::TimePoint::max() || next(end_) >= end_) return std::nullopt;
  return take(end_);
}

}  // namespace leat::load
