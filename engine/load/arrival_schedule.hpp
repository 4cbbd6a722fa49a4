#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::load {

/// Says when the requests of an open loop are planned: one thread's share of them, one after the other.
///
/// Times are computed from the number of requests, never from the time before, so rounding does not add up:
/// the n-th time is where the integral of the rate is n. Thread `part` of `parts` has every parts-th time.
/// With Arrival::poisson the integral grows by exponential steps, which are different in each thread. Times
/// A burst's requests all have the time of its first one. Times are counted from the run's start; the warm-up
/// comes first, at the first stage's first rate. It is a value, for one thread.
class ArrivalSchedule {
 public:
  ArrivalSchedule(const LoadPlan& plan, std::size_t part, std::size_t parts);

  /// Duration::max() once there are no more.
  [[nodiscard]] async::Duration next() const noexcept { return next_; }
  void advance() noexcept;

 private:
  struct Stretch {
    double start;   // seconds
    double lasts;   // seconds; infinite for the last stretch without an end
    double before;  // the requests planned before it
    double from;
    double to;
    [[nodiscard]] double requests() const noexcept { return lasts * (from + to) / 2; }
    [[nodiscard]] double when(double requests) const noexcept;
  };
  void add(double lasts, double from, double to);
  void look() noexcept;

  std::vector<Stretch> stretches_;
  std::size_t current_ = 0;
  [[nodiscard]] async::Duration planned_time(const Stretch& stretch) const noexcept;

  Arrival arrival_;
  double burst_;  // the requests of a burst; 0: they come one by one
  double every_;  // seconds
  double parts_;
  double position_;  // the requests planned before the next one, all threads together
  std::mt19937_64 random_;
  std::exponential_distribution<double> step_;
  async::Duration next_{0};
};

}  // namespace leat::load
