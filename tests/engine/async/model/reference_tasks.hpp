#pragma once

#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include "tests/engine/async/model/program.hpp"
#include "tests/engine/async/model/reference_loop.hpp"

namespace leat::async::model::reference {

inline constexpr int kGrace = 8;
inline constexpr int kFirstBlock = 1000;  // the blocks of task groups are tasks whose numbers begin here

/// Sets an event after a time, but runs everything that is ready first.
struct Deadline {
  Event* event = nullptr;
  int alarm = 0;  // its number, also in the ready list
  int grace = kGrace;
};

/// Everything that waits for tasks: join, wait_for, wait, gather, and task groups.
class Tasks : protected Loop {
 protected:
  ~Tasks() = default;

  void join(int t, int other, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (done(other)) return go_on(t, task(other).result, std::move(then));
    auto waiters = std::make_shared<std::deque<int>>();
    task(other).observers.push_back([this, other, waiters] { wake_all(*waiters, task(other).result); });
    suspend(t, waiters.get(), std::move(then));
  }

  void arm(Deadline& deadline, int timeout, Event& event) {
    deadline.event = &event;
    deadline.alarm = Loop::arm(timeout, [this, &deadline] { expire(deadline); });
  }
  void expire(Deadline& deadline) {
    become_ready(deadline.alarm, [this, &deadline] {
      if (!ready_.empty() && deadline.grace-- > 0) return expire(deadline);
      set(*deadline.event);
    });
  }
  void disarm(const Deadline& deadline) {
    if (deadline.event == nullptr) return;
    Loop::disarm(deadline.alarm);
    std::erase_if(ready_, [&](const Ready& item) { return item.key == deadline.alarm; });
  }

  struct Watched {
    Event changed;
    Event ended;
    Deadline deadline;
  };
  void wait_for(int t, int child, int timeout, Then then) {
    auto w = std::make_shared<Watched>();
    task(child).observers.push_back([this, w] {
      set(w->changed);
      set(w->ended);
    });
    arm(w->deadline, timeout, w->changed);
    wait_event(t, w->changed, [=, this](int first) {
      const bool too_late = !done(child);
      const auto finish_wait = [=, this](int) {
        if (too_late) --task(t).shields;
        disarm(w->deadline);
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

  // wait: it counts ends and cancels nothing.
  struct Counted {
    Event enough;
    Deadline deadline;
    std::size_t left = 0;
  };
  void wait(int t, const std::vector<int>& tasks, Step step, Then then) {
    auto c = std::make_shared<Counted>();
    c->left = tasks.size();
    for (const int other : tasks) {
      const auto count = [this, c, other, mode = step.mode] {
        const bool first = mode == 1 || (mode == 2 && task(other).result == kFailed);
        if (--c->left == 0 || first) set(c->enough);
      };
      if (done(other)) {
        count();
      } else {
        task(other).observers.push_back(count);
      }
    }
    const auto look = [=, this](int result) {
      disarm(c->deadline);
      if (result == kCancelled) return then(kCancelled);
      int sets = 0;
      for (const int other : tasks) sets = with_done(sets, done(other));
      then(sets);
    };
    if (c->enough.set || step.time == 0) return look(kOk);
    if (step.time != kForEver) arm(c->deadline, step.time, c->enough);
    wait_event(t, c->enough, look);
  }

  // gather: the first error comes at once, or all come as values; a cancellation comes after all have ended.
  struct Gathered {
    Event settled;
    Event ended;
    std::vector<int> left;
    int error = kOk;
  };
  void gather(int t, const std::vector<int>& children, bool values, Then then) {
    if (children.empty()) return then(values ? 0 : kOk);
    auto g = std::make_shared<Gathered>();
    g->left = children;
    for (const int child : children) {
      task(child).on_end = [this, g, child, values] {
        std::erase(g->left, child);
        if (!values && task(child).result != kOk && g->error == kOk) {
          g->error = task(child).result;
          set(g->settled);
        }
        if (g->left.empty()) {
          set(g->settled);
          set(g->ended);
        }
      };
    }
    const auto give_results = [=, this] {
      if (!values) return then(g->error);
      int outcomes = 0;
      for (const int child : children) outcomes = with_outcome(outcomes, task(child).result);
      then(outcomes);
    };
    wait_event(t, g->settled, [=, this](int result) {
      if (result != kCancelled) return give_results();
      for (const int child : std::vector<int>(g->left)) cancel(child);
      if (g->left.empty()) return then(kCancelled);
      ++task(t).shields;
      wait_event(t, g->ended, [=, this](int) {
        --task(t).shields;
        then(kCancelled);
      });
    });
  }

  // Task groups: the first failure cancels the others, and all errors are counted.
  struct Group {
    Event ended;
    std::vector<int> tasks;
    int block = 0;
    int result = 0;  // of the block
    int errors = 0;
    bool stopping = false;
    bool block_cancelled = false;
  };
  using GroupRef = std::shared_ptr<Group>;

  void spawn_in(const GroupRef& g, int t, std::function<void()> first) {
    start(t, std::move(first));
    g->tasks.push_back(t);
    task(t).on_end = [this, g, t] { left_group(g, t); };
    if (g->stopping) cancel(t);
  }
  void cancel_group(const GroupRef& g) {
    g->stopping = true;
    for (const int t : std::vector<int>(g->tasks)) cancel(t);
  }
  void left_group(const GroupRef& g, int t) {
    std::erase(g->tasks, t);
    if (task(t).result == kFailed) {
      ++g->errors;
      if (!g->stopping) cancel_group(g);
    } else if (t == g->block && task(t).result == kCancelled && !g->stopping) {
      g->block_cancelled = true;
      cancel_group(g);
    }
    if (g->tasks.empty()) set(g->ended);
  }
  void with_group(int t, std::function<void(GroupRef)> block, Then then) {
    auto g = std::make_shared<Group>();
    g->block = next_block_++;
    spawn_in(g, g->block, [g, block = std::move(block)] { block(g); });
    wait_event(t, g->ended, [=, this](int first) {
      const bool cancelled = first == kCancelled;
      const auto finish_group = [=, this](int) {
        if (cancelled) --task(t).shields;
        if (g->errors > 0) {
          if (cancelled) cancel(t);
          return then(kManyFailed + g->errors);
        }
        const bool no_result = task(g->block).result == kCancelled;
        then(cancelled || g->block_cancelled || no_result ? kCancelled : g->result);
      };
      if (!cancelled) return finish_group(kOk);
      cancel_group(g);
      ++task(t).shields;
      wait_event(t, g->ended, finish_group);
    });
  }

 private:
  int next_block_ = kFirstBlock;
};

}  // namespace leat::async::model::reference
