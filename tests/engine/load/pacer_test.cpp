#include "engine/load/pacer.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

struct Paced {
  /// Waits and notes its number; false if it was too early.
  async::Task<bool> waits(async::TimePoint time, int number) {
    auto waiting = pacer.wait_until(time);
    co_await std::move(waiting);
    order.push_back(number);
    co_return loop.now() >= time;
  }

  async::Task<void> several_times() {
    const async::TimePoint now = loop.now();
    std::vector<async::TaskHandle<bool>> tasks;
    const std::vector<async::Duration> delays{20ms, 1ms, 1001us, 5ms, -1s, 5ms};
    for (std::size_t i = 0; i < delays.size(); ++i) {
      tasks.push_back(async::spawn(waits(now + delays[i], static_cast<int>(i))));
    }
    for (auto& task : tasks) CHECK(co_await task);
    auto again = waits(now, 6);  // a time before the last one that was waited for
    CHECK(co_await std::move(again));
  }

  async::Task<void> two_of_three_cancelled() {
    const async::TimePoint now = loop.now();
    auto first = async::spawn(waits(now + 3600s, 0));
    auto second = async::spawn(waits(now + 2ms, 1));
    auto third = async::spawn(waits(now + 4ms, 2));
    co_await async::yield();
    first.cancel();
    second.cancel();
    CHECK(co_await third);
    CHECK(first.done());
    CHECK(second.done());
  }

  async::EventLoop loop;
  Pacer pacer{loop};
  std::vector<int> order;
};

}  // namespace

TEST_CASE("Pacer: each task waits until its time, in the order of the times, however far apart they are") {
  Paced paced;
  paced.loop.run(paced.several_times());
  CHECK(paced.order == std::vector{4, 1, 2, 3, 5, 0, 6});
}

TEST_CASE("Pacer: a task that is cancelled leaves without a trace, and the others still have their times") {
  Paced paced;
  paced.loop.run(paced.two_of_three_cancelled());
  CHECK(paced.order == std::vector{2});
}
