#include "engine/async/thread_pool.hpp"

#include <utility>

#include "engine/async/blocked_signals.hpp"
#include "engine/async/errors.hpp"

namespace leat::async {

ThreadPool::ThreadPool(std::size_t most_threads) : most_threads_(most_threads) {
  if (most_threads == 0) throw UsageError("ThreadPool: with 0 threads no job would ever run");
}

ThreadPool::~ThreadPool() {
  std::vector<std::shared_ptr<Job>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    while (!jobs_.empty()) dropped.push_back(std::move(jobs_.pop_front().queued_));
  }
  work_or_stop_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void ThreadPool::submit(std::shared_ptr<Job> job) {
  const std::lock_guard lock(mutex_);
  Job& queued = *job;
  queued.queued_ = std::move(job);
  jobs_.push_back(queued);
  if (++queued_ <= waiting_) {
    work_or_stop_.notify_one();
  } else if (threads_.size() < most_threads_) {
    const BlockedSignals blocked;
    threads_.emplace_back([this] { run_jobs(); });
  }
}

bool ThreadPool::withdraw(Job& job) noexcept {
  std::shared_ptr<Job> last;  // freed after the lock
  const std::lock_guard lock(mutex_);
  if (!job.is_linked()) return false;
  job.unlink();
  --queued_;
  last = std::move(job.queued_);
  return true;
}

std::size_t ThreadPool::thread_count() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

void ThreadPool::run_jobs() {
  std::unique_lock lock(mutex_);
  for (;;) {
    while (jobs_.empty() && !stopping_) {
      ++waiting_;
      work_or_stop_.wait(lock);
      --waiting_;
    }
    if (stopping_) return;
    Job& job = jobs_.pop_front();
    --queued_;
    auto self = std::move(job.queued_);
    lock.unlock();
    job.work(std::move(self));
    lock.lock();
  }
}

}  // namespace leat::async
