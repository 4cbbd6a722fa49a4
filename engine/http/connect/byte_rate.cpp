#include "engine/http/connect/byte_rate.hpp"

#include <algorithm>

namespace leat::http {

namespace {

constexpr double kSavedSeconds = 0.05;
constexpr double kLeastSaved = 16 * 1024;  // the largest piece that libcurl hands over

}  // namespace

ByteRate::ByteRate(std::uint64_t bytes_per_second, async::TimePoint now) noexcept
    : rate_(static_cast<double>(bytes_per_second) / 1e9),
      most_(std::max(static_cast<double>(bytes_per_second) * kSavedSeconds, kLeastSaved)),
      balance_(most_),
      refilled_(now) {}

bool ByteRate::take(std::uint64_t bytes, async::TimePoint now) noexcept {
  if (!limited()) return true;
  const std::lock_guard lock(mutex_);
  refill(now);
  if (balance_ <= 0) return false;
  balance_ -= static_cast<double>(bytes);
  return true;
}

async::Duration ByteRate::wait(async::TimePoint now) noexcept {
  if (!limited()) return async::Duration(0);
  const std::lock_guard lock(mutex_);
  refill(now);
  if (balance_ > 0) return async::Duration(0);
  return async::Duration(static_cast<async::Duration::rep>(std::max(1 - balance_, 1.0) / rate_));
}

// Another thread may have read the clock later and still have come here first.
void ByteRate::refill(async::TimePoint now) noexcept {
  if (now <= refilled_) return;
  balance_ = std::min(most_, balance_ + static_cast<double>((now - refilled_).count()) * rate_);
  refilled_ = now;
}

}  // namespace leat::http
