#pragma once

#include <cstdint>
#include <mutex>

#include "engine/async/clock.hpp"

namespace leat::http {

/// Limits how many bytes are received in a second. It is a token bucket that the Throttles of several threads
/// may share.
///
/// A piece is taken whenever the balance is positive and may make it negative, so that a piece larger than
/// the bucket passes, too. Any thread; all times must be of one clock.
class ByteRate {
 public:
  /// 0 means no limit.
  ByteRate(std::uint64_t bytes_per_second, async::TimePoint now) noexcept;

  [[nodiscard]] bool limited() const noexcept { return rate_ > 0; }
  /// Gives false if the bytes may not be taken now.
  [[nodiscard]] bool take(std::uint64_t bytes, async::TimePoint now) noexcept;
  /// Says how long it takes until something may be taken; zero means now.
  [[nodiscard]] async::Duration wait(async::TimePoint now) noexcept;

 private:
  void refill(async::TimePoint now) noexcept;

  const double rate_;  // bytes in a nanosecond
  const double most_;  // bytes that may be saved up
  std::mutex mutex_;
  double balance_;  // in bytes; under mutex_, as is the next member
  async::TimePoint refilled_;
};

}  // namespace leat::http
