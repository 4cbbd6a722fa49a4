#include "engine/load/arrival_schedule.hpp"

#include <cmath>
#include <limits>

namespace leat::load {

ArrivalSchedule::ArrivalSchedule(const LoadPlan& plan, std::size_t part, std::size_t parts)
    : arrival_(plan.arrival),
      burst_(static_cast<double>(plan.burst)),
      every_(async::in_seconds(plan.every)),
      parts_(static_cast<double>(parts)),
      position_(static_cast<double>(part)),
      random_(plan.seed ^ (0x9e3779b97f4a7c15U * (part + 1))) {
  const double first = plan.stages.empty() ? plan.rate : plan.stages.front().from;
  if (plan.warmup.count() > 0) add(async::in_seconds(plan.warmup), first, first);
  for (const RateStage& stage : plan.stages) add(async::in_seconds(stage.lasts), stage.from, stage.to);
  if (plan.stages.empty()) {
    const bool ends = plan.measured.count() > 0;
    add(ends ? async::in_seconds(plan.measured) : std::numeric_limits<double>::infinity(), plan.rate,
        plan.rate);
  }
  if (arrival_ == Arrival::poisson) position_ = step_(random_) * parts_;
  look();
}

void ArrivalSchedule::add(double lasts, double from, double to) {
  Stretch stretch{0, lasts, 0, from, to};
  if (!stretches_.empty()) {
    const Stretch& last = stretches_.back();
    stretch.start = last.start + last.lasts;
    stretch.before = last.before + last.requests();
  }
  stretches_.push_back(stretch);
}

// The time at which so many requests of this stretch are planned: r·t + (r' − r)/(2·lasts)·t² = n, solved for
// t in the form that loses no digits if both rates are nearly the same.
double ArrivalSchedule::Stretch::when(double requests) const noexcept {
  if (requests <= 0) return start;  // here the rate may still be 0
  if (from == to) return start + requests / from;
  const double slope = (to - from) / lasts;
  return start + 2 * requests / (from + std::sqrt(std::max(0.0, from * from + 2 * slope * requests)));
}

async::Duration ArrivalSchedule::planned_time(const Stretch& stretch) const noexcept {
  const double seconds =
      burst_ > 0 ? std::floor(position_ / burst_) * every_ : stretch.when(position_ - stretch.before);
  return async::Duration(std::llround(seconds * 1e9));
}

void ArrivalSchedule::advance() noexcept {
  position_ += arrival_ == Arrival::poisson ? step_(random_) * parts_ : parts_;
  look();
}

void ArrivalSchedule::look() noexcept {
  // A sum of products may be less than a whole number by its last digit.
  constexpr double kRounding = 1e-6;
  while (current_ < stretches_.size()) {
    const Stretch& stretch = stretches_[current_];
    if (position_ < stretch.before + stretch.requests() - kRounding) {
      next_ = planned_time(stretch);
      return;
    }
    ++current_;
  }
  next_ = async::Duration::max();
}

}  // namespace leat::load
