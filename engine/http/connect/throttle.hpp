#pragma once

#include <cstdint>
#include <memory>

#include "engine/async/event_loop.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/http/connect/breather.hpp"
#include "engine/http/connect/byte_rate.hpp"
#include "engine/http/message/pausable_transfer.hpp"

namespace leat::http {

/// Makes the transfers of one Client wait as its ByteRate asks; other Clients may share the rate. It also has
/// them wait for the loop's other work, see Breather.
///
/// Transfers that are refused pause, and go on in the order in which they were refused. Between threads that
/// share a rate, whoever asks first goes first. Loop thread only. Outlives its transfers.
class Throttle final : private async::Timer {
 public:
  Throttle(async::EventLoop& loop, std::shared_ptr<ByteRate> rate) noexcept;

  /// Gives true if the bytes may be taken. Gives false if the transfer must pause; then `go_on` will be
  /// called.
  [[nodiscard]] bool take(std::uint64_t bytes, PausableTransfer& transfer);

 private:
  void on_timer() noexcept override;
  void arm(async::Duration wait);

  async::EventLoop& loop_;
  Breather breather_;
  std::shared_ptr<ByteRate> rate_;
  PausedTransfers paused_;
  PausableTransfer* serving_ = nullptr;  // the one whose turn it is goes before those that are paused
};

}  // namespace leat::http
