#include "engine/http/connect/breather.hpp"

#include <doctest/doctest.h>

#include <chrono>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

/// Hands over pieces, each of which takes 10 ms.
class Slow final : public PausableTransfer {
 public:
  explicit Slow(Breather& breather) noexcept : breather_(breather) {}
  void read_all() {
    while (left > 0 && hand_over()) {
    }
  }
  void go_on() noexcept override {
    ++times;
    hand_over();
  }
  int left = 100;
  int times = 0;  // that it was told to go on

 private:
  bool hand_over() {
    if (!breather_.may_go_on(*this)) return false;
    const auto begun = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - begun < 10ms) {
    }
    --left;
    return true;
  }

  Breather& breather_;
};

}  // namespace

TEST_CASE("Breather: a body that takes long pauses for the loop's other events, and is told to go on then") {
  EventLoop loop;
  Breather breather(loop);
  Slow slow(breather);
  Slow other(breather);
  loop.run([](Slow& first, Slow& second) -> Task<void> {
    first.read_all();
    CHECK(first.left > 50);
    CHECK(first.left < 100);
    second.read_all();
    CHECK(second.left == 100);
    const int left = first.left;
    while (first.times == 0 || second.times == 0) co_await yield();
    CHECK(first.left == left - 1);
    CHECK(second.left == 99);
  }(slow, other));
}

TEST_CASE("Breather: a transfer that has ended while it paused is not told anything") {
  EventLoop loop;
  Breather breather(loop);
  Slow slow(breather);
  Slow ended(breather);
  loop.run([](Slow& first, Slow& second) -> Task<void> {
    first.read_all();
    second.read_all();
    second.unlink();
    while (first.times == 0) co_await yield();
    for (int i = 0; i < 3; ++i) co_await yield();
    CHECK(second.times == 0);
  }(slow, ended));
}

TEST_CASE("Breather: bodies that are quick never pause") {
  ManualClock clock;
  EventLoop loop(&clock);
  Breather breather(loop);
  Slow quick(breather);
  loop.run([](Slow& body) -> Task<void> {
    body.left = 10;
    body.read_all();  // no time passes on this clock
    CHECK(body.left == 0);
    co_return;
  }(quick));
  CHECK(quick.times == 0);
}
