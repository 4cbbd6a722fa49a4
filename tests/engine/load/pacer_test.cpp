#include "engine/load/pacer.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "engine/async/gather.hpp"
#include "engine/async/sleep.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;

namespace {

/// Waits, and notes its number; false if it was too early.
async::Task<bool> waits(Pacer* pacer, async::EventLoop* loop, async::TimePoint time, int number,
                        std::vector<int>* order) {
  auto waiting = pacer->wait_until(time);
  co_await std::move(waiting);
  order->push_back(number);
  co_return loop->now() >= time;
}

}  // namespace

TEST_CASE("Pacer: each waits until its time, in the order of the times, whatever they are apart") {
  async::EventLoop loop;
  Pacer pacer(loop);
  std::vector<int> order;
  const auto all = [](Pacer* its, async::EventLoop* at, std::vector<int>* noted) -> async::Task<void> {
    const async::TimePoint now = at->now();
    std::vector<async::TaskHandle<bool>> tasks;
    const std::vector<async::Duration> delays{20ms, 1ms, 1001us, 5ms, -1s, 5ms};
    for (std::size_t i = 0; i < delays.size(); ++i) {
      tasks.push_back(async::spawn(waits(its, at, now + delays[i], static_cast<int>(i), noted)));
    }
    for (auto& task : tasks) CHECK(co_await task);
    auto again = waits(its, at, now, 6, noted);  // a time before the last that was waited for
    CHECK(co_await std::move(again));
  };
  loop.run(all(&pacer, &loop, &order));
  CHECK(order == std::vector{4, 1, 2, 3, 5, 0, 6});
}

TEST_CASE("Pacer: who is cancelled leaves without a trace, and the others still have their times") {
  async::EventLoop loop;
  Pacer pacer(loop);
  std::vector<int> order;
  const auto all = [](Pacer* its, async::EventLoop* at, std::vector<int>* noted) -> async::Task<void> {
    const async::TimePoint now = at->now();
    auto first = async::spawn(waits(its, at, now + 3600s, 0, noted));
    auto second = async::spawn(waits(its, at, now + 2ms, 1, noted));
    auto third = async::spawn(waits(its, at, now + 4ms, 2, noted));
    co_await async::yield();
    first.cancel();
    second.cancel();
    CHECK(co_await third);
    CHECK(first.done());
    CHECK(second.done());
  };
  loop.run(all(&pacer, &loop, &order));
  CHECK(order == std::vector{2});
}
