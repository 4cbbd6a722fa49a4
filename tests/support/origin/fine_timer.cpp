#include "tests/support/origin/fine_timer.hpp"

#include <sys/prctl.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <stdexcept>

namespace leat::origin {

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

}  // namespace

FineTimer::FineTimer(uv_loop_t* loop) : fd_(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK)) {
  if (fd_ < 0 || uv_poll_init(loop, &poll_, fd_) != 0) throw std::runtime_error("no timer could be made");
  prctl(PR_SET_TIMERSLACK, 1UL);  // the usual 50 us would be part of every delay
  poll_.data = this;
  uv_poll_start(&poll_, UV_READABLE,
                [](uv_poll_t* poll, int, int) { static_cast<FineTimer*>(poll->data)->wake(); });
}

void FineTimer::add(std::uint64_t time, Waiter& waiter) {
  waiting_.emplace(time, &waiter);
  arm();
}

void FineTimer::remove(std::uint64_t time, Waiter& waiter) { waiting_.erase({time, &waiter}); }

void FineTimer::wake() {
  std::uint64_t times = 0;
  [[maybe_unused]] const auto size = read(fd_, &times, sizeof times);
  armed_for_ = 0;
  while (!waiting_.empty() && waiting_.begin()->first <= uv_hrtime()) {
    Waiter& waiter = *waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    waiter.on_time();
  }
  arm();
}

void FineTimer::arm() {
  if (waiting_.empty()) return;
  const std::uint64_t soonest = waiting_.begin()->first;
  if (armed_for_ != 0 && armed_for_ <= soonest) return;
  armed_for_ = soonest;
  itimerspec spec{};
  spec.it_value.tv_sec = static_cast<time_t>(soonest / kSecond);
  spec.it_value.tv_nsec = static_cast<long>(soonest % kSecond);
  timerfd_settime(fd_, TFD_TIMER_ABSTIME, &spec, nullptr);
}

void FineTimer::close() {
  waiting_.clear();
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_),
           [](uv_handle_t* handle) { ::close(static_cast<FineTimer*>(handle->data)->fd_); });
}

}  // namespace leat::origin
