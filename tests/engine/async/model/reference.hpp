#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "tests/engine/async/model/program.hpp"
#include "tests/engine/async/model/reference_values.hpp"

namespace leat::async::model::reference {

/// Programs that are made of the primitives.
class Reference final : private Values {
 public:
  explicit Reference(const World& world) : world_(world) {
    for (const int n : world.permits) semaphores_.emplace_back().available = n;
    for (const int n : world.maxsizes) queues_.emplace_back().maxsize = n;
    events_.resize(kEvents);
    futures_.resize(kFutures);
  }

  Trace run() {
    run_all([this] {
      for (int p = 0; p < world_.roots; ++p) start_program(p);
      sleep(kMain, kHorizon, [this](int result) { end(kMain, result); });
    });
    return std::move(trace_);
  }

 private:
  void unwind(int t) override {
    while (!task(t).held.empty()) release_first(t);
    if (t != kMain && t < kFirstBlock) trace_.emplace_back(now_, t, kEnd, task(t).result);
  }
  void release_first(int t) {
    const int which = task(t).held.front();
    task(t).held.pop_front();
    release(semaphores_[static_cast<std::size_t>(which)]);
  }

  void start_program(int p) {
    start(p, [this, p] { next_step(p); });
  }
  void next_step(int t) {
    const Program& program = world_.programs[static_cast<std::size_t>(t)];
    if (task(t).pc == program.size()) return end(t, kOk);
    const Step step = program[task(t).pc];
    if (step.op == Op::fail) return end(t, kFailed);
    run_step(t, step, [this, t, step](int result) {
      if (result == kCancelled) return end(t, kCancelled);
      if (step.op == Op::acquire) task(t).held.push_back(step.a);
      trace_.emplace_back(now_, t, static_cast<int>(task(t).pc), result);
      ++task(t).pc;
      next_step(t);
    });
  }

  /// True once for each program: then it may be spawned.
  bool claim(int p) { return p >= world_.roots && claimed_.insert({p, true}).second; }
  bool claim_with_handle(int p) { return claim(p) && (handles_[p] = true); }
  bool knows(int p) const { return p < world_.roots || handles_.count(p) != 0; }

  void run_step(int t, Step step, Then then) {
    const auto at = static_cast<std::size_t>(step.a);
    const auto say = [&](bool yes) { then(yes ? kOk : kNo); };
    switch (step.op) {
      case Op::yield:
        return yield(t, std::move(then));
      case Op::sleep:
        return sleep(t, step.time, std::move(then));
      case Op::shielded_sleep:
        ++task(t).shields;
        return sleep(t, step.time, [this, t, then = std::move(then)](int result) {
          --task(t).shields;
          then(result);
        });
      case Op::acquire:
        return acquire(t, semaphores_[at], std::move(then));
      case Op::release:
        if (task(t).held.empty()) return then(kNo);
        release_first(t);
        return then(kOk);
      case Op::put:
        return put(t, queues_[at], next_item_++, std::move(then));
      case Op::get:
        return get(t, queues_[at], std::move(then));
      case Op::try_put:
        return say(try_put(queues_[at], next_item_++));
      case Op::try_get:
        return then(try_get(queues_[at]));
      case Op::task_done:
        return say(task_done(queues_[at]));
      case Op::join_queue:
        return join_queue(t, queues_[at], std::move(then));
      case Op::close_queue:
        close(queues_[at]);
        return then(kOk);
      case Op::fail_queue:
        fail(queues_[at]);
        return then(kOk);
      case Op::event_wait:
        return wait_event(t, events_[at], std::move(then));
      case Op::event_set:
        set(events_[at]);
        return then(kOk);
      case Op::future_get:
        return get(t, futures_[at], std::move(then));
      case Op::future_set:
        if (futures_[at].value != kNo) return then(kNo);
        return say(set(futures_[at], next_item_++));
      case Op::future_fail:
        return say(set(futures_[at], kFailed));
      case Op::thread:
        return call_in_thread(t, step, std::move(then));
      default:
        return run_task_step(t, step, std::move(then));
    }
  }

  void run_task_step(int t, Step step, Then then) {
    switch (step.op) {
      case Op::spawn:
        if (!claim_with_handle(step.a)) return then(kNo);
        start_program(step.a);
        return then(kOk);
      case Op::join:
        if (!knows(step.a) || step.a == t) return then(kNo);
        return join(t, step.a, std::move(then));
      case Op::cancel:
        return then(knows(step.a) && cancel(step.a) ? kOk : kNo);
      case Op::wait_for:
        if (!claim_with_handle(step.a)) return then(kNo);
        start_program(step.a);
        return wait_for(t, step.a, step.time, std::move(then));
      case Op::wait: {
        std::vector<int> tasks;
        for (int p = step.a; p <= step.b; ++p)
          if (knows(p)) tasks.push_back(p);
        return tasks.empty() ? then(kNo) : wait(t, tasks, step, std::move(then));
      }
      case Op::gather: {
        std::vector<int> children;
        for (int p = step.a; p <= step.b; ++p)
          if (claim(p)) children.push_back(p);
        for (const int p : children) start_program(p);
        return gather(t, children, step.mode != 0, std::move(then));
      }
      default:
        return with_group(
            t, [this, step](GroupRef g) { run_block(g, step); }, std::move(then));
    }
  }

  // The block of a task group.
  void run_block(const GroupRef& g, Step step) {
    const auto block = static_cast<Block>(step.mode);
    if (block != Block::yields_first) return fill(g, step);
    yield(g->block, [=, this](int result) {
      if (result == kCancelled) return end(g->block, kCancelled);
      fill(g, step);
    });
  }
  void fill(const GroupRef& g, Step step) {
    for (int p = step.a; p <= step.b; ++p) {
      if (!claim_with_handle(p)) continue;
      spawn_in(g, p, [this, p] { next_step(p); });
      ++g->result;
    }
    const auto block = static_cast<Block>(step.mode);
    if (block == Block::sleeps) return sleep(g->block, 1, [=, this](int result) { end(g->block, result); });
    if (block == Block::cancels_itself) {
      cancel(g->block);
      return yield(g->block, [=, this](int result) { end(g->block, result); });
    }
    if (block == Block::cancels_group) cancel_group(g);
    end(g->block, block == Block::fails ? kFailed : kOk);
  }

  // The thread: its jobs end all together, in an item of the loop's ready list, and the loop learns of it
  // when it next looks for events.
  void call_in_thread(int t, Step step, Then then) {
    const int result = step.mode != 0 ? kFailed : next_item_;
    ++next_item_;
    if (!std::exchange(jobs_end_soon_, true)) become_ready(0, [this] { finish_jobs(); });
    if (!begin(t)) return then(kCancelled);
    auto waiter = std::make_shared<std::deque<int>>();
    suspend(t, waiter.get(), std::move(then));
    jobs_.push_back([this, waiter, result] { wake_all(*waiter, result); });
  }
  void finish_jobs() {
    jobs_end_soon_ = false;
    for (auto& job : std::exchange(jobs_, {})) posted_.push_back(std::move(job));
  }

  const World& world_;
  std::vector<Semaphore> semaphores_;
  std::vector<Queue> queues_;
  std::vector<Event> events_;
  std::vector<Future> futures_;
  std::vector<std::function<void()>> jobs_;
  bool jobs_end_soon_ = false;
  std::map<int, bool> claimed_;
  std::map<int, bool> handles_;
  int next_item_ = 0;
  Trace trace_;
};

}  // namespace leat::async::model::reference
