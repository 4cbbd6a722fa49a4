#include "engine/http/connect/throttle.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

/// Takes pieces for as long as it is allowed to.
class Reader final : public PausableTransfer {
 public:
  Reader(Throttle& throttle, std::uint64_t piece) noexcept : throttle_(throttle), piece_(piece) {}
  void go_on() noexcept override {
    while (left > 0 && throttle_.take(piece_, *this)) --left, taken += piece_;
  }
  int left = 1'000'000;
  std::uint64_t taken = 0;

 private:
  Throttle& throttle_;
  std::uint64_t piece_;
};

Task<void> read_for(Throttle&, std::vector<Reader*> readers, Duration time) {
  for (Reader* reader : readers) reader->go_on();
  co_await sleep_for(time);
  for (Reader* reader : readers) reader->unlink();
}

}  // namespace

TEST_CASE("Throttle: without a rate nothing waits") {
  ManualClock clock;
  EventLoop loop(&clock);
  Throttle throttle(loop, std::make_shared<ByteRate>(0, loop.now()));
  Reader reader(throttle, 1'000'000);
  reader.left = 1000;
  reader.go_on();
  CHECK(reader.left == 0);
}

TEST_CASE("Throttle: the rate holds for all together over any longer time, and they share it evenly") {
  ManualClock clock;
  EventLoop loop(&clock);
  Throttle throttle(loop, std::make_shared<ByteRate>(1'000'000, loop.now()));
  Reader a(throttle, 1000);
  Reader b(throttle, 1000);
  loop.run(read_for(throttle, {&a, &b}, 10s));
  CHECK(static_cast<double>(a.taken + b.taken) == doctest::Approx(10e6).epsilon(0.01));
  CHECK(a.taken > 4'000'000);
  CHECK(b.taken > 4'000'000);
}

TEST_CASE("Throttle: a piece that is larger than what may be saved up passes") {
  ManualClock clock;
  EventLoop loop(&clock);
  Throttle throttle(loop, std::make_shared<ByteRate>(1000, loop.now()));
  Reader reader(throttle, 100'000);
  loop.run(read_for(throttle, {&reader}, 300s));
  CHECK(reader.taken >= 300'000);
  CHECK(reader.taken <= 500'000);
}

TEST_CASE("Throttle: two throttles that share a rate keep it together") {
  ManualClock clock;
  EventLoop loop(&clock);
  const auto rate = std::make_shared<ByteRate>(1'000'000, loop.now());
  Throttle one(loop, rate);
  Throttle two(loop, rate);
  Reader a(one, 1000);
  Reader b(two, 1000);
  loop.run(read_for(one, {&a, &b}, 10s));
  CHECK(static_cast<double>(a.taken + b.taken) == doctest::Approx(10e6).epsilon(0.01));
}
