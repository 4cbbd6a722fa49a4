#include "engine/http/connect/throttle.hpp"

#include <algorithm>
#include <utility>

namespace leat::http {

Throttle::Throttle(async::EventLoop& loop, std::shared_ptr<ByteRate> rate) noexcept
    : loop_(loop), breather_(loop), rate_(std::move(rate)) {}

bool Throttle::take(std::uint64_t bytes, PausableTransfer& transfer) {
  if (!breather_.may_go_on(transfer)) return false;
  if (!rate_->limited()) return true;
  const bool first = paused_.empty() || serving_ == &transfer;
  if (first && rate_->take(bytes, loop_.now())) return true;
  paused_.push_back(transfer);
  arm(rate_->wait(loop_.now()));
  return false;
}

// The wait is never zero, so that those that are paused get their turn from the timer.
void Throttle::arm(async::Duration wait) {
  if (!is_armed()) loop_.arm_after(*this, std::max(wait, async::Duration(1)));
}

void Throttle::on_timer() noexcept {
  async::Duration wait{0};
  while (!paused_.empty() && (wait = rate_->wait(loop_.now())).count() == 0) {
    serving_ = &paused_.pop_front();
    serving_->go_on();
    serving_ = nullptr;
  }
  if (!paused_.empty()) arm(wait);
}

}  // namespace leat::http
