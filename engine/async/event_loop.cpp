#include "engine/async/event_loop.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <uv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <system_error>
#include <vector>

#include "engine/async/errors.hpp"
#include "engine/async/left_out_time.hpp"
#include "engine/async/thread_pool.hpp"

namespace leat::async {

namespace {

constexpr int kBatch = 256;  // ready items that run between two polls for I/O
constexpr int kLook = 4;     // items between two looks at the clock, which cost as much as a small item
constexpr Duration kLongBatch = std::chrono::milliseconds(20);  // no more items after that

thread_local EventLoop* current_loop = nullptr;

[[noreturn]] void die(const char* what, int status) {
  std::fprintf(stderr, "leat: event loop: %s: %s\n", what, uv_strerror(status));
  std::abort();
}

[[noreturn]] void refuse_to_start(const char* what, int error) {
  throw std::system_error(error, std::generic_category(), std::string("the event loop can't start: ") + what);
}

// libuv makes a pipe for signals once in a process and aborts where it can't, so we try that first.
void try_pipe() {
  static const bool tried = [] {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) refuse_to_start("pipe2", errno);
    for (const int end : ends) close(end);
    return true;
  }();
  static_cast<void>(tried);
}

}  // namespace

struct EventLoop::Uv {
  uv_loop_t loop;
  uv_async_t wakeup;
  uv_timer_t timer;
  TimePoint armed_for = TimePoint::max();  // the time that the uv timer is set to
  std::mutex mutex;
  std::vector<std::function<void()>> posted;  // under mutex
};

EventLoop::EventLoop(ManualClock* clock) : clock_(clock), turn_time_(now()), uv_(std::make_unique<Uv>()) {
  try_pipe();
  if (const int status = uv_loop_init(&uv_->loop); status != 0) refuse_to_start("uv_loop_init", -status);
  uv_->loop.data = this;
  const auto on_wakeup = [](uv_async_t* handle) {
    static_cast<EventLoop*>(handle->loop->data)->run_posted();
  };
  if (const int status = uv_async_init(&uv_->loop, &uv_->wakeup, on_wakeup); status != 0) {
    uv_loop_close(&uv_->loop);
    refuse_to_start("uv_async_init", -status);
  }
  uv_timer_init(&uv_->loop, &uv_->timer);
}

EventLoop::~EventLoop() {
  threads_.reset();  // first: a job that ends posts to this loop
  uv_close(reinterpret_cast<uv_handle_t*>(&uv_->wakeup), nullptr);
  uv_close(reinterpret_cast<uv_handle_t*>(&uv_->timer), nullptr);
  check_all_closed();
  uv_run(&uv_->loop, UV_RUN_DEFAULT);  // runs the close callbacks
  if (const int status = uv_loop_close(&uv_->loop); status != 0) die("uv_loop_close", status);
}

// An open handle would keep uv_run waiting for ever.
void EventLoop::check_all_closed() noexcept {
  const auto refuse_open = [](uv_handle_t* handle, void*) {
    if (uv_is_closing(handle) == 0) {
      std::fprintf(stderr, "leat: event loop: a uv_%s was left open; close it before its loop\n",
                   uv_handle_type_name(handle->type));
      std::abort();
    }
  };
  uv_walk(&uv_->loop, refuse_open, nullptr);
}

EventLoop* EventLoop::current_or_null() noexcept { return current_loop; }

EventLoop& EventLoop::current() {
  if (current_loop == nullptr) {
    throw UsageError("no event loop is running on this thread; do this from a task inside EventLoop::run");
  }
  return *current_loop;
}

TaskState& EventLoop::current_task() const {
  if (current_task_ == nullptr)
    throw UsageError("no task is running here; do this inside a coroutine of the loop");
  return *current_task_;
}

void EventLoop::set_debug(DebugOptions options) {
  if (current_loop == this) throw UsageError("EventLoop::set_debug: call it before run");
  debug_ = std::make_unique<DebugHooks>(std::move(options));
}

void EventLoop::report_dropped(const CoroutineSource& source) noexcept {
  if (current_loop != nullptr && current_loop->debug_ != nullptr)
    current_loop->debug_->coroutine_dropped(source, current_loop->current_task_);
}

ThreadPool& EventLoop::threads() {
  if (threads_ == nullptr) threads_ = std::make_unique<ThreadPool>();
  return *threads_;
}

uv_loop_s* EventLoop::uv() noexcept { return &uv_->loop; }

TimePoint EventLoop::now() const noexcept {
  if (clock_ != nullptr) return clock_->now();
  return TimePoint(std::chrono::steady_clock::now()) - left_out_time.sum;
}

// uv_now and steady_clock both count from the start of the system.
TimePoint EventLoop::poll_time() const noexcept {
  if (clock_ != nullptr) return clock_->now();
  const TimePoint polled{std::chrono::milliseconds(uv_now(&uv_->loop))};
  return std::max(turn_time_, polled - left_out_time.sum);
}

void EventLoop::post(std::function<void()> fn) {
  {
    const std::lock_guard lock(uv_->mutex);
    uv_->posted.push_back(std::move(fn));
  }
  uv_async_send(&uv_->wakeup);
}

void EventLoop::run_posted() noexcept {
  std::vector<std::function<void()>> posted;
  {
    const std::lock_guard lock(uv_->mutex);
    posted.swap(uv_->posted);
  }
  for (auto& fn : posted) {
    const TimePoint start = debug_ != nullptr ? now() : TimePoint{};
    fn();
    if (debug_ != nullptr) [[unlikely]]
      debug_->post_ran(now() - start);
  }
}

void EventLoop::enter() {
  if (current_loop != nullptr) {
    throw UsageError("EventLoop::run: a loop is running on this thread already; await the task instead");
  }
  current_loop = this;
}

void EventLoop::leave() noexcept {
  if (debug_ != nullptr) debug_->run_ended();
  current_loop = nullptr;
}

void EventLoop::run_until_done(const TaskState& main) {
  for (;;) {
    turn_time_ = now();
    if (!timers_.empty() && timers_.next_due() <= turn_time_) timers_.fire_due(turn_time_);
    run_ready(main);
    if (main.done()) return;
    wait_for_events();
  }
}

// A task may spawn others while it is being cancelled; the next round cancels those.
void EventLoop::cancel_leftovers() {
  while (!tasks_.empty()) {
    std::vector<TaskRef<TaskState>> leftovers;
    tasks_.for_each([&](TaskState& task) { leftovers.emplace_back(&task); });
    if (debug_ != nullptr)
      for (auto& task : leftovers) debug_->task_left_over(*task, now());
    for (auto& task : leftovers) task->cancel();
    for (auto& task : leftovers) run_until_done(*task);
  }
}

// Stops as soon as the main task has ended: what is ready then may refer to what that task owned, so it has
// to be cancelled first. Items may be slow, such as a packet that unpacks to megabytes, and signals are I/O.
void EventLoop::run_ready(const TaskState& main) {
  for (int i = 1; i <= kBatch && !ready_.empty() && !main.done(); ++i) {
    ready_.pop_front().run();
    if (i % kLook == 0 && now() - turn_time_ > kLongBatch) return;
  }
}

void EventLoop::wait_for_events() {
  if (!ready_.empty()) {
    uv_run(&uv_->loop, UV_RUN_NOWAIT);
  } else if (clock_ != nullptr && !timers_.empty()) {
    uv_run(&uv_->loop, UV_RUN_NOWAIT);
    if (ready_.empty() && !timers_.empty()) clock_->advance_to(timers_.next_due());
  } else {
    arm_wakeup();
    uv_run(&uv_->loop, UV_RUN_ONCE);
  }
}

// libuv's timers count whole milliseconds: we round up, so as never to wake before the time.
void EventLoop::arm_wakeup() {
  const TimePoint due = timers_.empty() ? TimePoint::max() : timers_.next_due();
  if (due == uv_->armed_for &&
      (due == TimePoint::max() || uv_is_active(reinterpret_cast<uv_handle_t*>(&uv_->timer)) != 0)) {
    return;
  }
  uv_->armed_for = due;
  if (due == TimePoint::max()) {
    uv_timer_stop(&uv_->timer);
    return;
  }
  uv_update_time(&uv_->loop);
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(due - now());
  // uv_run fires timers both before and after it polls; it is stopped here, or else it would poll without
  // end.
  const auto on_due = [](uv_timer_t* timer) { uv_stop(timer->loop); };
  uv_timer_start(&uv_->timer, on_due, wait.count() > 0 ? static_cast<std::uint64_t>(wait.count()) : 0, 0);
}

}  // namespace leat::async
