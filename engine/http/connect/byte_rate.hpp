#pragma once

#include <cstdint>
#include <mutex>

#include "engine/async/clock.hpp"

namespace leat::http {

/// Bytes that may be received in a second: a token bucket, which the Throttles of several threads may share.
///
/// A piece is taken as long as the balance is positive and may make it negative, so that a piece larger than
/// the bucket passes, too. Any thread; the times are those of one clock.
class ByteRate {
 public:
  /// 0: no limit.
  ByteRate(std::uint64_t bytes_per_second, async::TimePoint now) noexcept;

  [[nodiscard]] bool limited() const noexcept { return rate_ > 0; }
  /// False: not now.
  [[nodiscard]] bool take(std::uint64_t bytes, async::TimePoint now) noexcept;
  /// How long until something may be taken; zero: now.
  [[nodiscard]] async::Duration wait(async::TimePoint now) noexcept;

 private:
  void refill(async::TimePoint now) noexcept;

  const double rate_;  // bytes a nanosecond
  const double most_;  // bytes that may be saved up
  std::mutex mutex_;
  double balance_;  // bytes; under mutex_, as is what follows
  async::TimePoint refilled_;
};

}  // namespace leat::http
