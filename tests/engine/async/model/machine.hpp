#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <utility>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/future.hpp"
#include "engine/async/queue.hpp"
#include "engine/async/semaphore.hpp"
#include "engine/async/thread_pool.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/engine/async/model/program.hpp"

/// The engine's objects on which the programs run.
namespace leat::async::model {

struct Failure : std::runtime_error {
  Failure() : std::runtime_error("failure") {}
};

/// A thread whose jobs end when the program says so: each job waits at `pass`, and when `finish_all` has
/// returned, all jobs submitted before it have told the loop that they ended.
class Thread {
 public:
  [[nodiscard]] ThreadPool& pool() noexcept { return pool_; }

  void pass() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return open_; });
  }

  void finish_all() {
    set_open(true);
    auto last = std::make_shared<Last>(*this);
    pool_.submit(last);
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ended_; });
    ended_ = open_ = false;
  }

 private:
  /// The pool has one thread, so when this job runs, all jobs submitted before it have ended.
  struct Last final : ThreadPool::Job {
    explicit Last(Thread& t) noexcept : thread(t) {}
    void work(std::shared_ptr<Job>) noexcept override {
      const std::lock_guard lock(thread.mutex_);
      thread.ended_ = true;
      thread.changed_.notify_all();
    }
    Thread& thread;
  };

  void set_open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  bool ended_ = false;
  ThreadPool pool_{1};
};

struct Machine {
  explicit Machine(const World& w, Thread& t)
      : world(w), thread(t), finish_jobs(*this), handles(w.programs.size()), states(w.programs.size()) {
    for (const int n : w.permits)
      semaphores.push_back(std::make_unique<Semaphore>(static_cast<std::size_t>(n)));
    for (const int n : w.maxsizes)
      queues.push_back(std::make_unique<Queue<int>>(static_cast<std::size_t>(n)));
    for (int i = 0; i < kEvents; ++i) events.push_back(std::make_unique<Event>());
    for (int i = 0; i < kFutures; ++i) futures.push_back(std::make_unique<Future<int>>());
  }
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;
  ~Machine() { thread.finish_all(); }

  void note(int program, int step, int result) {
    const auto now = EventLoop::current().now().time_since_epoch();
    trace.emplace_back(static_cast<int>(now / 1ms), program, step, result);
  }

  [[nodiscard]] Semaphore& semaphore(int i) { return *semaphores[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Queue<int>& queue(int i) { return *queues[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Event& event(int i) { return *events[static_cast<std::size_t>(i)]; }
  [[nodiscard]] Future<int>& future(int i) { return *futures[static_cast<std::size_t>(i)]; }

  /// True once for each program: then it may be spawned.
  bool claim(int p) { return !std::exchange(states[static_cast<std::size_t>(p)].claimed, true); }
  void keep(int p, TaskHandle<void> handle) {
    handles[static_cast<std::size_t>(p)] = std::move(handle);
    states[static_cast<std::size_t>(p)].known = true;
  }
  /// Says whether there is a handle to join or to cancel.
  [[nodiscard]] bool knows(int p) const { return states[static_cast<std::size_t>(p)].known; }
  [[nodiscard]] TaskHandle<void>& handle(int p) { return handles[static_cast<std::size_t>(p)]; }

  /// The thread's jobs end after everything that is ready now.
  void finish_jobs_soon() {
    if (!finish_jobs.is_linked()) EventLoop::current().schedule(finish_jobs);
  }

  struct FinishJobs final : Runnable {
    explicit FinishJobs(Machine& m) noexcept : machine(m) {}
    void run() noexcept override { machine.thread.finish_all(); }
    Machine& machine;
  };
  struct State {
    bool claimed = false;
    bool known = false;
  };

  const World& world;
  Thread& thread;
  FinishJobs finish_jobs;
  std::vector<std::unique_ptr<Semaphore>> semaphores;
  std::vector<std::unique_ptr<Queue<int>>> queues;
  std::vector<std::unique_ptr<Event>> events;
  std::vector<std::unique_ptr<Future<int>>> futures;
  std::vector<TaskHandle<void>> handles;
  std::vector<State> states;
  int next_item = 0;
  Trace trace;
};

/// Notes what a program holds and how it ends, when its frame is destroyed.
struct Frame {
  Frame(Machine& m, int p) : machine(m), program(p) {}
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;
  ~Frame() {
    while (!held.empty()) held.pop_front();
    machine.note(program, kEnd, result);
  }
  Machine& machine;
  int program;
  int result = kCancelled;
  std::deque<Semaphore::Permit> held;
};

}  // namespace leat::async::model
