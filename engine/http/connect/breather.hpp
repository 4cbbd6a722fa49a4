#pragma once

#include "engine/async/event_loop.hpp"
#include "engine/async/runnable.hpp"
#include "engine/http/message/pausable_transfer.hpp"

namespace leat::http {

/// Lets the loop look at signals, timers and other connections while bodies arrive that take long to handle:
/// a packet of some kilobytes may unpack to tens of megabytes. Once 30 ms have passed since the last poll,
/// transfers pause, and go on one by one, each as a ready item of its own.
///
/// Loop thread only. Outlives its transfers.
class Breather final : private async::Runnable {
 public:
  explicit Breather(async::EventLoop& loop) noexcept : loop_(loop) {}

  /// Gives true if the transfer may hand over what it has. Gives false if it must pause; then `go_on` will be
  /// called.
  [[nodiscard]] bool may_go_on(PausableTransfer& transfer);

 private:
  void run() noexcept override;

  async::EventLoop& loop_;
  PausedTransfers paused_;
  PausableTransfer* serving_ = nullptr;
};

}  // namespace leat::http
