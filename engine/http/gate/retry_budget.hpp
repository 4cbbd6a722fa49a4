#pragma once

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/async/clock.hpp"

namespace leat::http {

/// How many retries an origin is sent: a fifth of its transfers, a hundred besides, and fifty more in a
/// second. So a server is not stormed by the retries of a long list. When the budget is spent, retries wait
/// for their turn; none is ever refused. Loop thread only.
class RetryBudget {
 public:
  /// Counts a transfer that has started.
  void credit() noexcept { left_ = std::min(left_ + kShare, 1e9); }

  /// Takes one retry and says how long it has to wait until it is due.
  [[nodiscard]] async::Duration take(async::TimePoint now) noexcept {
    const double passed = async::in_seconds(now - std::exchange(at_, now));
    if (left_ < kReserve) left_ = std::min(left_ + passed * kASecond, kReserve);
    --left_;
    if (left_ >= 0) return async::Duration(0);
    return async::from_seconds(-left_ / kASecond);
  }

 private:
  static constexpr double kReserve = 100;
  static constexpr double kShare = 0.2;
  static constexpr double kASecond = 50;

  double left_ = kReserve;
  async::TimePoint at_{};
};

}  // namespace leat::http
