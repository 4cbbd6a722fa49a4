#pragma once

#include <deque>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "tests/engine/async/model/program.hpp"
#include "tests/engine/async/model/reference_loop.hpp"

namespace leat::async::model::reference {

struct Semaphore {
  int available;
  std::deque<int> waiters;
};
struct Queue {
  int maxsize;
  std::deque<int> items;
  std::deque<int> getters;
  std::deque<int> putters;
  std::deque<int> joiners;
  int unfinished = 0;
  int last_getter = -2;  // none
  bool closed = false;
  [[nodiscard]] bool full() const { return maxsize != 0 && static_cast<int>(items.size()) >= maxsize; }
};
/// The primitives, and programs made of them.
class Reference final : private Loop {
 public:
  explicit Reference(const World& world) : world_(world) {
    for (const int n : world.permits) semaphores_.push_back({n, {}});
    for (const int n : world.maxsizes) queues_.push_back({n, {}, {}, {}, {}, 0, -2, false});
    events_.resize(kEvents);
  }

  Trace run() {
    run_all();
    return std::move(trace_);
  }

 private:
  void first_turn(int t) override {
    if (t != kMain) return next_step(t);
    for (int p = 0; p < world_.roots; ++p) start(p);
    sleep(t, kHorizon, [this](int result) { end(kMain, result == kCancelled ? kCancelled : kOk); });
  }
  void unwind(int t) override {
    while (!task(t).held.empty()) release(t);
    if (t != kMain) trace_.emplace_back(now_, t, kEnd, task(t).result);
  }

  // Semaphores and queues.
  void release(int t) {
    Semaphore& semaphore = semaphores_[static_cast<std::size_t>(task(t).held.front())];
    const int which = task(t).held.front();
    task(t).held.pop_front();
    if (semaphore.waiters.empty()) {
      ++semaphore.available;
      return;
    }
    const int next = semaphore.waiters.front();
    semaphore.waiters.pop_front();
    wake(next, which);
  }
  void accept(Queue& queue, int item) {
    ++queue.unfinished;
    if (queue.getters.empty()) {
      queue.items.push_back(item);
      return;
    }
    const int getter = queue.getters.front();
    queue.getters.pop_front();
    queue.last_getter = getter;
    wake(getter, item);
  }
  bool try_put(Queue& queue, int item) {
    if (queue.closed || queue.full()) return false;
    accept(queue, item);
    return true;
  }
  int try_get(Queue& queue) {
    if (queue.items.empty()) return kNo;
    const int item = queue.items.front();
    queue.items.pop_front();
    while (!queue.putters.empty() && !queue.full()) {
      const int putter = queue.putters.front();
      queue.putters.pop_front();
      accept(queue, task(putter).wait.item);
      wake(putter, kOk);
    }
    return item;
  }
  void put(int t, Queue& queue, int item, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (queue.closed) return then(kNo);
    if (try_put(queue, item)) return then(kOk);
    suspend(t, &queue.putters, std::move(then));
    task(t).wait.item = item;
  }
  void get(int t, Queue& queue, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (!queue.items.empty()) {
      const bool alone = queue.last_getter == -2 || queue.last_getter == t;
      queue.last_getter = t;
      const int item = try_get(queue);
      return alone ? then(item) : give_turn(t, item, std::move(then));
    }
    if (queue.closed) return then(kNo);
    suspend(t, &queue.getters, std::move(then));
  }
  void join(int t, int other, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (done(other)) return then(task(other).result);
    auto waiters = std::make_shared<std::deque<int>>();
    task(other).observers.push_back([this, other, waiters] { wake_all(*waiters, task(other).result); });
    suspend(t, waiters.get(), std::move(then));
  }

  // wait_for: a deadline that lets what is ready go first.
  struct Waiting {
    Event changed;
    Event ended;
    int alarm = 0;  // its number, in the ready list too
    int grace = kGrace;
  };
  void expire(const std::shared_ptr<Waiting>& w) {
    become_ready(w->alarm, [this, w] {
      if (!ready_.empty() && w->grace-- > 0) return expire(w);
      set(w->changed);
    });
  }

  void wait_for(int t, int child, int timeout, Then then) {
    auto w = std::make_shared<Waiting>();
    task(child).observers.push_back([this, w] {
      set(w->changed);
      set(w->ended);
    });
    w->alarm = arm(timeout, [this, w] { expire(w); });
    wait_event(t, w->changed, [=, this](int first) {
      const bool too_late = !done(child);
      const auto finish_wait = [=, this](int) {
        if (too_late) --task(t).shields;
        disarm(w->alarm);
        std::erase_if(ready_, [&](const Ready& item) { return item.key == w->alarm; });
        const int result = task(child).result;
        if (result != kCancelled) {
          if (first == kCancelled) cancel(t);
          return then(result);
        }
        if (first == kCancelled || !too_late) return then(kCancelled);
        then(kTimeout);
      };
      if (!too_late) return finish_wait(kOk);
      cancel(child);
      ++task(t).shields;
      wait_event(t, w->ended, finish_wait);
    });
  }

  // gather: the first error comes at once, a cancellation after all have ended.
  struct Gathered {
    Event settled;
    Event ended;
    std::vector<int> left;
    int error = kOk;
  };
  void gather(int t, std::vector<int> children, Then then) {
    auto g = std::make_shared<Gathered>();
    g->left = children;
    for (const int child : children) {
      start(child);
      task(child).on_end = [this, g, child] {
        std::erase(g->left, child);
        if (task(child).result != kOk && g->error == kOk) {
          g->error = task(child).result;
          set(g->settled);
        }
        if (g->left.empty()) {
          set(g->settled);
          set(g->ended);
        }
      };
    }
    if (children.empty()) return then(kOk);
    wait_event(t, g->settled, [=, this](int result) {
      if (result != kCancelled) return then(g->error);
      for (const int child : g->left) cancel(child);
      if (g->left.empty()) return then(kCancelled);
      ++task(t).shields;
      wait_event(t, g->ended, [=, this](int) {
        --task(t).shields;
        then(kCancelled);
      });
    });
  }

  // Programs.
  void next_step(int t) {
    const Program& program = world_.programs[static_cast<std::size_t>(t)];
    if (task(t).pc == program.size()) return end(t, kOk);
    const Step step = program[task(t).pc];
    run_step(t, step, [this, t, step](int result) {
      if (result == kCancelled) return end(t, kCancelled);
      if (step.op == Op::fail) return end(t, kFailed);
      if (step.op == Op::acquire) result = (task(t).held.push_back(step.a), kOk);
      trace_.emplace_back(now_, t, static_cast<int>(task(t).pc), result);
      ++task(t).pc;
      next_step(t);
    });
  }

  bool spawn_once(int p) {
    if (p < world_.roots || !spawned_.insert({p, true}).second) return false;
    return true;
  }
  bool known(int p) const { return p < world_.roots || handles_.count(p) != 0; }

  void run_step(int t, Step step, Then then) {
    const auto at = static_cast<std::size_t>(step.a);
    switch (step.op) {
      case Op::yield:
        if (!begin(t)) return then(kCancelled);
        return give_turn(t, kOk, std::move(then));
      case Op::sleep:
        return sleep(t, step.a, std::move(then));
      case Op::shielded_sleep:
        ++task(t).shields;
        return sleep(t, step.a, [this, t, then = std::move(then)](int result) {
          --task(t).shields;
          then(result);
        });
      case Op::acquire: {
        Semaphore& semaphore = semaphores_[at];
        if (!begin(t)) return then(kCancelled);
        if (semaphore.available > 0) {
          --semaphore.available;
          return then(kOk);
        }
        return suspend(t, &semaphore.waiters, std::move(then));
      }
      case Op::release:
        if (task(t).held.empty()) return then(kNo);
        release(t);
        return then(kOk);
      case Op::put:
        return put(t, queues_[at], next_item_++, std::move(then));
      case Op::get:
        return get(t, queues_[at], std::move(then));
      case Op::try_put:
        return then(try_put(queues_[at], next_item_++) ? kOk : kNo);
      case Op::try_get:
        return then(try_get(queues_[at]));
      case Op::task_done:
        if (queues_[at].unfinished == 0) return then(kNo);
        if (--queues_[at].unfinished == 0) wake_all(queues_[at].joiners, kOk);
        return then(kOk);
      case Op::join_queue:
        if (!begin(t)) return then(kCancelled);
        if (queues_[at].unfinished == 0) return then(kOk);
        return suspend(t, &queues_[at].joiners, std::move(then));
      case Op::close_queue:
        queues_[at].closed = true;
        wake_all(queues_[at].putters, kNo);
        wake_all(queues_[at].getters, kNo);
        return then(kOk);
      case Op::event_wait:
        return wait_event(t, events_[at], std::move(then));
      case Op::event_set:
        set(events_[at]);
        return then(kOk);
      case Op::spawn:
        if (!spawn_once(step.a)) return then(kNo);
        handles_[step.a] = true;
        start(step.a);
        return then(kOk);
      case Op::join:
        if (!known(step.a) || step.a == t) return then(kNo);
        return join(t, step.a, std::move(then));
      case Op::cancel:
        if (!known(step.a)) return then(kNo);
        return then(cancel(step.a) ? kOk : kNo);
      case Op::wait_for:
        if (!spawn_once(step.a)) return then(kNo);
        handles_[step.a] = true;
        start(step.a);
        return wait_for(t, step.a, step.b, std::move(then));
      case Op::gather: {
        std::vector<int> children;
        for (int p = step.a; p <= step.b; ++p)
          if (spawn_once(p)) children.push_back(p);
        return gather(t, std::move(children), std::move(then));
      }
      case Op::fail:
        return then(kFailed);
    }
  }

  const World& world_;
  std::vector<Semaphore> semaphores_;
  std::vector<Queue> queues_;
  std::vector<Event> events_;
  std::map<int, bool> spawned_;
  std::map<int, bool> handles_;
  int next_item_ = 0;
  Trace trace_;
};

}  // namespace leat::async::model::reference
