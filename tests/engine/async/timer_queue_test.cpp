#include "engine/async/timer_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace {

using namespace std::chrono_literals;
using leat::async::Duration;
using leat::async::TimePoint;
using leat::async::Timer;
using leat::async::TimerQueue;

struct TestTimer final : Timer {
  explicit TestTimer(std::function<void()> f) : fn(std::move(f)) {}
  void on_timer() noexcept override { fn(); }
  std::function<void()> fn;
};

constexpr TimePoint at(Duration time) { return TimePoint(time); }

}  // namespace

TEST_CASE("TimerQueue: it fires the timers that are due and no others, the earliest first") {
  std::vector<int> fired;
  TestTimer a([&] { fired.push_back(1); });
  TestTimer b([&] { fired.push_back(2); });
  TestTimer c([&] { fired.push_back(3); });
  TimerQueue queue;
  queue.arm(a, at(30ms));
  queue.arm(b, at(10ms));
  queue.arm(c, at(20ms));
  CHECK(queue.next_due() == at(10ms));
  queue.fire_due(at(20ms));
  CHECK(fired == std::vector{2, 3});
  CHECK(a.is_armed());
  CHECK_FALSE(b.is_armed());
}

TEST_CASE("TimerQueue: equal times fire in the order in which they were armed") {
  std::vector<int> fired;
  std::vector<std::unique_ptr<TestTimer>> timers;
  TimerQueue queue;
  std::vector<int> expected;
  for (int i = 0; i < 100; ++i) {
    timers.push_back(std::make_unique<TestTimer>([&fired, i] { fired.push_back(i); }));
    queue.arm(*timers.back(), at(5ms));
    expected.push_back(i);
  }
  queue.fire_due(at(5ms));
  CHECK(fired == expected);
}

TEST_CASE("TimerQueue: arming again moves a timer") {
  int fired = 0;
  TestTimer timer([&] { ++fired; });
  TimerQueue queue;
  queue.arm(timer, at(10ms));
  queue.arm(timer, at(50ms));
  queue.fire_due(at(20ms));
  CHECK(fired == 0);
  queue.fire_due(at(50ms));
  CHECK(fired == 1);
  CHECK(queue.empty());
}

TEST_CASE("TimerQueue: a timer that is destroyed or disarmed never fires") {
  int fired = 0;
  TimerQueue queue;
  TestTimer disarmed([&] { ++fired; });
  queue.arm(disarmed, at(1ms));
  {
    TestTimer gone([&] { ++fired; });
    queue.arm(gone, at(1ms));
  }
  disarmed.disarm();
  disarmed.disarm();
  CHECK(queue.empty());
  queue.fire_due(at(2ms));
  CHECK(fired == 0);
}

TEST_CASE("TimerQueue: a disarmed timer isn't due next, and a queue with nothing armed is empty") {
  TimerQueue queue;
  std::vector<std::unique_ptr<TestTimer>> timers;
  for (int i = 0; i < 9; ++i) {
    timers.push_back(std::make_unique<TestTimer>([] {}));
    queue.arm(*timers.back(), at(std::chrono::seconds(i)));
  }
  for (int i = 0; i < 8; ++i) {
    timers[static_cast<std::size_t>(i)]->disarm();
    REQUIRE_FALSE(queue.empty());
    CHECK(queue.next_due() == at(std::chrono::seconds(i + 1)));
  }
  timers.back()->disarm();
  CHECK(queue.empty());
}

TEST_CASE("TimerQueue: a timer may disarm another that is due as well") {
  int fired = 0;
  TimerQueue queue;
  TestTimer second([&] { ++fired; });
  TestTimer first([&] { second.disarm(); });
  queue.arm(first, at(1ms));
  queue.arm(second, at(1ms));
  queue.fire_due(at(1ms));
  CHECK(fired == 0);
}

TEST_CASE("TimerQueue: a timer that another one arms while it fires waits for the next call") {
  int fired = 0;
  TimerQueue queue;
  std::unique_ptr<TestTimer> timer;
  timer = std::make_unique<TestTimer>([&] {
    ++fired;
    queue.arm(*timer, at(1ms));
  });
  queue.arm(*timer, at(1ms));
  queue.fire_due(at(1ms));
  CHECK(fired == 1);
  queue.fire_due(at(1ms));
  CHECK(fired == 2);
}

TEST_CASE("TimerQueue: a timer that arms itself in the past doesn't hold back the others") {
  int repeats = 0;
  int others = 0;
  TimerQueue queue;
  std::unique_ptr<TestTimer> greedy;
  greedy = std::make_unique<TestTimer>([&] {
    ++repeats;
    queue.arm(*greedy, at(0ms));
  });
  TestTimer other([&] { ++others; });
  queue.arm(*greedy, at(0ms));
  queue.arm(other, at(5ms));
  queue.fire_due(at(10ms));
  CHECK(repeats == 1);
  CHECK(others == 1);
}

TEST_CASE("TimerQueue: a timer may outlive its queue") {
  TestTimer timer([] {});
  {
    TimerQueue queue;
    queue.arm(timer, at(1ms));
  }
  CHECK_FALSE(timer.is_armed());
}

TEST_CASE("TimerQueue: after random arming and disarming, timers fire as from a sorted list") {
  for (unsigned seed = 0; seed < 50; ++seed) {
    CAPTURE(seed);
    std::mt19937 random(seed);
    struct Expected {
      int due;
      int order;
      int id;
    };
    std::vector<Expected> model;
    std::vector<int> fired;
    std::vector<std::unique_ptr<TestTimer>> timers;
    TimerQueue queue;
    for (int id = 0; id < 200; ++id)
      timers.push_back(std::make_unique<TestTimer>([&fired, id] { fired.push_back(id); }));
    for (int step = 0; step < 1000; ++step) {
      const int id = static_cast<int>(random() % timers.size());
      std::erase_if(model, [&](const Expected& e) { return e.id == id; });
      if (random() % 4 == 0) {
        timers[static_cast<std::size_t>(id)]->disarm();
      } else {
        const int due = static_cast<int>(random() % 50);
        queue.arm(*timers[static_cast<std::size_t>(id)], at(std::chrono::milliseconds(due)));
        model.push_back({due, step, id});
      }
    }
    std::sort(model.begin(), model.end(), [](const Expected& a, const Expected& b) {
      return a.due != b.due ? a.due < b.due : a.order < b.order;
    });
    std::vector<int> expected;
    for (const auto& e : model) expected.push_back(e.id);
    for (int now = 0; now <= 50; ++now) queue.fire_due(at(std::chrono::milliseconds(now)));
    CHECK(fired == expected);
  }
}
