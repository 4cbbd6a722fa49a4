#include "engine/http/connect/byte_rate.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

TEST_CASE("ByteRate: without a limit everything may always be taken") {
  ByteRate rate(0, TimePoint());
  CHECK_FALSE(rate.limited());
  CHECK(rate.take(1'000'000'000, TimePoint()));
  CHECK(rate.wait(TimePoint()) == Duration(0));
}

TEST_CASE("ByteRate: after too much was taken, time must pass before more may be taken") {
  const TimePoint start;
  ByteRate rate(1'000'000, start);
  CHECK(rate.take(1'050'000, start));  // at first, 50 ms are saved up
  CHECK_FALSE(rate.take(1, start));
  const Duration wait = rate.wait(start);
  CHECK(wait > 999ms);
  CHECK(wait < 1001ms);
  CHECK_FALSE(rate.take(1, start + 500ms));
  CHECK(rate.take(1, start + wait + 1us));
}

TEST_CASE("ByteRate: a thread that read the clock earlier does not turn it back") {
  const TimePoint start;
  ByteRate rate(1'000'000, start);
  CHECK(rate.take(1'050'000, start));
  CHECK(rate.wait(start + 900ms) <= 101ms);
  CHECK(rate.wait(start + 100ms) <= 101ms);
}

TEST_CASE("ByteRate: threads that take at the same time never exceed the rate together") {
  constexpr int kThreads = 4;
  constexpr std::uint64_t kPiece = 1000;
  ByteRate rate(10'000'000, TimePoint());
  std::atomic<std::uint64_t> taken{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int ms = 0; ms <= 1000; ++ms) {
        while (rate.take(kPiece, TimePoint() + std::chrono::milliseconds(ms))) taken += kPiece;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  CHECK(taken >= 10'000'000);
  CHECK(taken <= 10'000'000 + 500'000 + kPiece);  // together with what was saved up
}
