#pragma once

#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/async/intrusive_list.hpp"

namespace leat::async {

struct QueuedJobTag;

/// A bounded number of threads that run jobs in the order in which they were submitted.
///
/// A thread is started only when a job finds none idle, up to the bound. Signals are blocked in all of them.
/// The destructor drops the jobs that are queued and waits for those that run. All members may be called from
/// any thread.
class ThreadPool {
 public:
  class Job : private ListNode<QueuedJobTag> {
   public:
    Job() noexcept = default;
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;
    virtual ~Job() = default;

   private:
    friend class ThreadPool;
    template <class T, class U>
    friend class IntrusiveList;
    /// Runs on a thread of the pool. The pool keeps no reference of its own, so `self` decides where the job
    /// is destroyed.
    virtual void work(std::shared_ptr<Job> self) noexcept = 0;

    std::shared_ptr<Job> queued_;  // the job itself, while it is queued; under the pool's mutex
  };

  static constexpr std::size_t kDefaultThreads = 8;

  /// Throws UsageError if it is zero.
  explicit ThreadPool(std::size_t most_threads = kDefaultThreads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  void submit(std::shared_ptr<Job> job);
  /// Gives true if the job was still queued; then it will never run.
  bool withdraw(Job& job) noexcept;
  [[nodiscard]] std::size_t thread_count() const;

 private:
  void run_jobs();

  mutable std::mutex mutex_;
  std::condition_variable work_or_stop_;
  IntrusiveList<Job, QueuedJobTag> jobs_;
  std::vector<std::thread> threads_;
  std::size_t most_threads_;
  std::size_t queued_ = 0;
  std::size_t waiting_ = 0;  // threads that wait for a job
  bool stopping_ = false;
};

}  // namespace leat::async
