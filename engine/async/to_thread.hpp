#pragma once

#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

#include "engine/async/event_loop.hpp"
#include "engine/async/outcome.hpp"
#include "engine/async/task.hpp"
#include "engine/async/thread_pool.hpp"
#include "engine/async/waiter.hpp"

namespace leat::async {

/// A job that wakes a waiter on its loop's thread when it has ended.
class LoopJob : public ThreadPool::Job {
 public:
  class Done;  // awaitable

  explicit LoopJob(EventLoop& loop) noexcept : loop_(loop) {}

 private:
  void work(std::shared_ptr<Job> self) noexcept final;
  virtual void call() noexcept = 0;

  EventLoop& loop_;
  Done* waiter_ = nullptr;  // loop thread only
};

/// Submits the job and waits until it is done. When this wait is cancelled, a job that is queued never runs,
/// and one that runs is left to end alone.
class LoopJob::Done final : public Waiter {
 public:
  Done(ThreadPool& pool, std::shared_ptr<LoopJob> job) noexcept : pool_(pool), job_(std::move(job)) {}
  ~Done() { job_->waiter_ = nullptr; }
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "thread")) return false;
    pool_.submit(job_);
    job_->waiter_ = this;
    return suspend();
  }
  [[gnu::always_inline]] void await_resume() const { check(); }

 private:
  void on_cancel() noexcept override {
    job_->waiter_ = nullptr;
    pool_.withdraw(*job_);
  }

  ThreadPool& pool_;
  std::shared_ptr<LoopJob> job_;
};

template <class Fn>
class CallJob final : public LoopJob {
 public:
  using Result = std::invoke_result_t<Fn&>;

  CallJob(EventLoop& loop, Fn fn) : LoopJob(loop), fn_(std::move(fn)) {}
  Result take() { return outcome_->take(); }

 private:
  void call() noexcept override {
    try {
      if constexpr (std::is_void_v<Result>) {
        fn_();
        outcome_.emplace(Unit{});
      } else {
        outcome_.emplace(fn_());
      }
    } catch (...) {
      outcome_.emplace(std::current_exception());
    }
  }

  Fn fn_;
  std::optional<Outcome<Result>> outcome_;
};

/// Calls fn on a thread of the pool, so that blocking or long work doesn't hold up the loop. Gives what fn
/// returns or throws what it throws.
///
///     auto parse = [text] { return parse_document(text); };   // names first: see CONTRIBUTING
///     auto parsed = to_thread(parse);
///     auto document = co_await std::move(parsed);
///
/// If it is cancelled while fn is queued, fn never runs. If it is cancelled while fn runs, the wait ends at
/// once, fn runs to its end and its result is dropped; so fn must own what it uses, not borrow it. fn and its
/// result are destroyed on the loop's thread. A ManualClock doesn't wait for threads. Loop thread only; the
/// pool must be destroyed before the loop.
template <class Fn>
Task<std::invoke_result_t<Fn&>> to_thread(ThreadPool& pool, Fn fn) {
  auto job = std::make_shared<CallJob<Fn>>(EventLoop::current(), std::move(fn));
  LoopJob::Done done(pool, job);
  co_await done;
  co_return job->take();
}

/// Does the same on the loop's own pool.
template <class Fn>
Task<std::invoke_result_t<Fn&>> to_thread(Fn fn) {
  return to_thread(EventLoop::current().threads(), std::move(fn));
}

}  // namespace leat::async
