#include "engine/http/throttle.hpp"

#include <algorithm>

namespace leat::http {

namespace {

constexpr double kSavedSeconds = 0.05;
constexpr double kLeastSaved = 16 * 1024;  // libcurl's largest piece

}  // namespace

Throttle::Throttle(async::EventLoop& loop, std::uint64_t bytes_per_second) noexcept
    : loop_(loop),
      rate_(static_cast<double>(bytes_per_second) / 1e9),
      most_(std::max(static_cast<double>(bytes_per_second) * kSavedSeconds, kLeastSaved)),
      balance_(most_),
      refilled_(loop.now()) {}

bool Throttle::take(std::uint64_t bytes, Throttled& transfer) {
  if (rate_ == 0) return true;
  refill();
  if (balance_ > 0 && (paused_.empty() || serving_ == &transfer)) {
    balance_ -= static_cast<double>(bytes);
    return true;
  }
  paused_.push_back(transfer);
  arm();
  return false;
}

void Throttle::refill() noexcept {
  const async::TimePoint now = loop_.now();
  balance_ = std::min(most_, balance_ + static_cast<double>((now - refilled_).count()) * rate_);
  refilled_ = now;
}

void Throttle::arm() {
  if (is_armed()) return;
  const double missing = std::max(1 - balance_, 1.0);
  loop_.arm_after(*this, async::Duration(static_cast<async::Duration::rep>(missing / rate_)));
}

void Throttle::on_timer() noexcept {
  refill();
  while (balance_ > 0 && !paused_.empty()) {
    serving_ = &paused_.pop_front();
    serving_->go_on();
    serving_ = nullptr;
  }
  if (!paused_.empty()) arm();
}

}  // namespace leat::http
