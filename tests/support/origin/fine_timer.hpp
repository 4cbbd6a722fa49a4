#pragma once

#include <uv.h>

#include <cstdint>
#include <set>
#include <utility>

namespace leat::origin {

/// Wakes a waiter at a point in time that libuv's timers, which count milliseconds, can't express: a timerfd
/// behind a uv_poll. Loop thread only.
class FineTimer {
 public:
  /// A waiter, for one point in time.
  class Waiter {
   public:
    virtual void on_time() = 0;

   protected:
    ~Waiter() = default;
  };

  explicit FineTimer(uv_loop_t* loop);
  FineTimer(const FineTimer&) = delete;
  FineTimer& operator=(const FineTimer&) = delete;

  /// `time` is in nanoseconds, as uv_hrtime counts them.
  void add(std::uint64_t time, Waiter& waiter);
  void remove(std::uint64_t time, Waiter& waiter);
  /// Must be called before the loop ends; nobody is woken any more.
  void close();

 private:
  void wake();
  void arm();

  int fd_;
  uv_poll_t poll_{};
  std::set<std::pair<std::uint64_t, Waiter*>> waiting_;
  std::uint64_t armed_for_ = 0;  // 0: not at all
};

}  // namespace leat::origin
