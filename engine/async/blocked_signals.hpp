#pragma once

#include <csignal>

namespace leat::async {

/// Blocks all signals on this thread while it lives. Threads that are made meanwhile inherit this from their
/// first instruction on, so signals are left to the thread that handles them.
class BlockedSignals {
 public:
  BlockedSignals() noexcept {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;
  ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace leat::async
