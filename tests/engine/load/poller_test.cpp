#include "engine/load/poller.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/task.hpp"
#include "tests/support/loopback_pair.hpp"

using namespace leat;
using namespace leat::load;
using namespace std::chrono_literals;
using async::Duration;
using async::TimePoint;

namespace {

/// Does in its turns what a test says.
struct User final : Poller::User {
  explicit User(async::EventLoop& event_loop) : loop(event_loop), poller(event_loop, *this) {}
  void on_socket(void* tag, bool /*hung_up*/) noexcept override { tags.push_back(tag); }
  void on_turn(TimePoint began) noexcept override { turn(began); }

  async::EventLoop& loop;
  std::function<void(TimePoint)> turn;
  std::vector<void*> tags;
  async::Event done;
  Poller poller;
};

/// How late the last turn was for each of these times, if they are requested as a driver does it: again in
/// each earlier turn.
std::vector<Duration> lateness(int times, Duration gap, bool exactly) {
  std::vector<Duration> late;
  async::EventLoop loop;
  User user(loop);
  TimePoint time = loop.now() + gap;
  const auto wake = [&](TimePoint now) {
    if (exactly) return user.poller.wake_exactly_at(time, now, gap);
    user.poller.wake_at(time);
  };
  user.turn = [&](TimePoint began) {
    if (began < time) return wake(began);
    late.push_back(began - time);
    if (late.size() == static_cast<std::size_t>(times)) return user.done.set();
    time = loop.now() + gap;
    wake(loop.now());
  };
  const auto wait = [](User* waiting, const std::function<void(TimePoint)>* begin) -> async::Task<void> {
    (*begin)(waiting->loop.now());
    co_await waiting->done.wait();
  };
  const std::function<void(TimePoint)> begin = wake;
  loop.run(wait(&user, &begin));
  return late;
}

}  // namespace

TEST_CASE("Poller: each time that is asked for has a turn, exact or not, and none is lost") {
  for (const bool exactly : {false, true}) {
    CAPTURE(exactly);
    for (const Duration gap : {Duration(2ms), Duration(100us), Duration(0)}) {
      CAPTURE(gap.count());
      const auto late = lateness(50, gap, exactly);
      REQUIRE(late.size() == 50);
      CHECK(*std::min_element(late.begin(), late.end()) >= 0ns);
    }
  }
}

TEST_CASE("Poller: if busy waiting took more than a tenth of the time, there is no early turn") {
  async::EventLoop loop;
  User user(loop);
  const TimePoint time = loop.now() + 3ms;
  int turns = 0;
  user.turn = [&](TimePoint began) {
    ++turns;
    CHECK(began >= time);
    user.done.set();
  };
  const auto wait = [](User* waiting, TimePoint until) -> async::Task<void> {
    waiting->poller.wake_exactly_at(until, waiting->loop.now(), 1us);
    co_await waiting->done.wait();
  };
  loop.run(wait(&user, time));
  CHECK(turns == 1);
}

TEST_CASE("Poller: sockets are reported during busy waiting, and a later request replaces an earlier one") {
  async::EventLoop loop;
  User user(loop);
  tests::LoopbackPair pair;
  int tag = 0;
  REQUIRE(user.poller.add(pair.wire.fd(), &tag));
  const TimePoint far = loop.now() + 3600s;
  bool was_sent = false;
  user.turn = [&](TimePoint began) {
    if (!was_sent) {  // it can be written to
      was_sent = true;
      user.tags.clear();
      pair.send_to_wire("now");
      user.poller.wake_exactly_at(began + 20us, began, 1s);
    } else if (!user.tags.empty()) {
      CHECK(user.tags.front() == &tag);
      user.poller.wake_exactly_at(far, began, 1s);
      user.done.set();
    }
  };
  const auto wait = [](User* waiting) -> async::Task<void> { co_await waiting->done.wait(); };
  loop.run(wait(&user));
  CHECK(loop.now() < far);
}
