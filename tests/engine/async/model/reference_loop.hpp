#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <utility>
#include <vector>

#include "tests/engine/async/model/program.hpp"

/// The reference says what the contracts say, with plain lists of task numbers and one loop. It uses no
/// coroutines and nothing of the engine. Each wait takes what is to happen after it as a function of its
/// result.
namespace leat::async::model::reference {

inline constexpr int kMain = -1;
inline constexpr int kBatch = 256;
inline constexpr int kBurst = 16;

/// A wait that is going on or has just been satisfied.
struct Wait {
  std::deque<int>* list = nullptr;  // the FIFO in which it waits, by task number
  bool timer = false;               // it has a timer
  bool cancelled = false;
  int value = kOk;  // what it was given
  int item = 0;     // what a put brings
};

struct Task {
  enum class Phase { absent, queued, running, waiting, ready, done };
  Phase phase = Phase::absent;
  bool pending = false;
  bool cancelling = false;
  int shields = 0;
  int burst = kBurst;
  int result = kOk;  // one of kOk, kFailed, kCancelled
  Wait wait;
  std::size_t pc = 0;
  std::deque<int> held;  // semaphores
  std::vector<std::function<void()>> observers;
  std::function<void()> first;   // what is done when it starts
  std::function<void()> resume;  // what is done when it has its turn
  std::function<void()> on_end;  // the end of its scope
};

struct Event {
  bool set = false;
  std::deque<int> waiters;
};
struct Alarm {
  int due;
  int order;
  std::function<void()> fire;
};

struct Ready {
  int key;  // 0, or the alarm that put it here
  std::function<void()> run;
};

/// Tasks, their waits and cancellations, and time.
class Loop {
 public:
  Loop() = default;
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

 protected:
  ~Loop() = default;
  using Then = std::function<void(int)>;

  /// What happens when a task's frame is destroyed.
  virtual void unwind(int t) = 0;

  void run_all(std::function<void()> main) {
    start(kMain, std::move(main));
    run_until(kMain);
    while (!alive_.empty()) {
      const auto leftovers = alive_;
      for (const int t : leftovers) cancel(t);
      for (const int t : leftovers) run_until(t);
    }
  }
  void run_until(int main) {
    for (;;) {
      std::stable_sort(alarms_.begin(), alarms_.end(), [](const Alarm& x, const Alarm& y) {
        return x.due != y.due ? x.due < y.due : x.order < y.order;
      });
      while (!alarms_.empty() && alarms_.front().due <= now_) {
        const auto fire = alarms_.front().fire;
        alarms_.erase(alarms_.begin());
        fire();
      }
      for (int i = 0; i < kBatch && !ready_.empty() && !done(main); ++i) {
        const auto item = std::move(ready_.front());
        ready_.pop_front();
        item.run();
      }
      if (done(main)) return;
      for (const auto& fn : std::exchange(posted_, {})) fn();
      if (ready_.empty()) {
        if (alarms_.empty()) throw std::logic_error("model: nothing will ever happen again");
        int next = alarms_.front().due;
        for (const Alarm& alarm : alarms_) next = std::min(next, alarm.due);
        now_ = std::max(now_, next);
      }
    }
  }
  void become_ready(int key, std::function<void()> run) { ready_.push_back({key, std::move(run)}); }
  int arm(int delay, std::function<void()> fire) {
    alarms_.push_back({now_ + delay, ++order_, std::move(fire)});
    return order_;
  }
  void disarm(int order) {
    std::erase_if(alarms_, [&](const Alarm& alarm) { return alarm.order == order; });
  }

  // Tasks.
  Task& task(int t) { return tasks_[t]; }
  bool done(int t) { return task(t).phase == Task::Phase::done; }

  void start(int t, std::function<void()> first) {
    task(t).phase = Task::Phase::queued;
    task(t).first = std::move(first);
    alive_.push_back(t);
    become_ready(0, [this, t] {
      if (task(t).pending) {
        task(t).result = kCancelled;
        finish(t);
        return;
      }
      task(t).phase = Task::Phase::running;
      task(t).first();
    });
  }

  void end(int t, int result) {
    task(t).result = result;
    unwind(t);
    finish(t);
  }

  void finish(int t) {
    task(t).phase = Task::Phase::done;
    for (const auto& observer : task(t).observers) observer();
    task(t).observers.clear();
    std::erase(alive_, t);
    if (task(t).on_end) task(t).on_end();
  }

  bool cancel(int t) {
    Task& it = task(t);
    if (done(t)) return false;
    if (it.cancelling) return true;
    if (it.phase == Task::Phase::waiting && it.shields == 0) {
      if (it.wait.list != nullptr) std::erase(*it.wait.list, t);
      if (it.wait.timer) disarm(timers_[t]);
      it.wait.cancelled = true;
      it.cancelling = true;
      wake(t);
    } else {
      it.pending = true;
    }
    return true;
  }

  // A wait: begin says whether it was cancelled at once, and suspend goes on with `then` once it is woken.
  bool begin(int t) {
    if (!task(t).pending || task(t).shields > 0) return true;
    task(t).pending = false;
    return false;
  }
  void suspend(int t, std::deque<int>* list, Then then) {
    task(t).wait = Wait{};
    task(t).wait.list = list;
    if (list != nullptr) list->push_back(t);
    task(t).phase = Task::Phase::waiting;
    task(t).resume = [this, t, then = std::move(then)] {
      then(task(t).wait.cancelled ? kCancelled : task(t).wait.value);
    };
  }
  void wake(int t, int value = kOk) {
    Task& it = task(t);
    it.phase = Task::Phase::ready;
    if (!it.wait.cancelled) it.wait.value = value;
    become_ready(0, [this, t] {
      task(t).phase = Task::Phase::running;
      task(t).cancelling = false;
      task(t).burst = kBurst;
      const auto resume = std::move(task(t).resume);
      resume();
    });
  }
  void wake_all(std::deque<int>& list, int value) {
    while (!list.empty()) {
      const int t = list.front();
      list.pop_front();
      wake(t, value);
    }
  }
  /// What is waited for is there already; now and then the others have their turn first.
  void go_on(int t, int value, Then then) {
    if (--task(t).burst == 0) return give_turn(t, value, std::move(then));
    then(value);
  }
  void give_turn(int t, int value, Then then) {
    suspend(t, nullptr, std::move(then));
    wake(t, value);
  }
  void yield(int t, Then then) {
    if (!begin(t)) return then(kCancelled);
    give_turn(t, kOk, std::move(then));
  }
  void sleep(int t, int delay, Then then) {
    if (!begin(t)) return then(kCancelled);
    timers_[t] = arm(delay, [this, t] { wake(t); });
    suspend(t, nullptr, std::move(then));
    task(t).wait.timer = true;
  }
  void wait_event(int t, Event& event, Then then) {
    if (!begin(t)) return then(kCancelled);
    if (event.set) return go_on(t, kOk, std::move(then));
    suspend(t, &event.waiters, std::move(then));
  }
  void set(Event& event) {
    event.set = true;
    wake_all(event.waiters, kOk);
  }

  std::deque<Ready> ready_;
  std::vector<std::function<void()>> posted_;
  std::vector<Alarm> alarms_;
  std::map<int, Task> tasks_;
  std::map<int, int> timers_;
  std::vector<int> alive_;
  int now_ = 0;
  int order_ = 0;
};

}  // namespace leat::async::model::reference
