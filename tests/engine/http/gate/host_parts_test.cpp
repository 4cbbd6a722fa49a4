// How the cap of an origin is divided among its parts, and what a HostGate makes of that.
#include "engine/http/gate/host_parts.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/gate/host_gate.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::http;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kParts = 4;

/// A gate for an origin in four parts, of which so many transfers may run at once, on a manual clock.
struct Bed {
  explicit Bed(std::size_t per_host, std::size_t slots = 100) : gate(loop, options(slots, per_host)) {}

  static HostGateOptions options(std::size_t slots, std::size_t per_host) {
    HostGateOptions made;
    made.slots = slots;
    made.per_host = per_host;
    made.parts = kParts;
    made.host_down = 10s;
    return made;
  }

  ManualClock clock;
  EventLoop loop{&clock};
  HostGate gate;
  std::array<int, kParts> running{};
  std::array<int, kParts> peak{};
  std::vector<std::pair<std::size_t, TimePoint>> starts;  // parts
  int refused = 0;
  HostSign sign = HostSign::good;
};

Task<void> transfer(Bed& bed, std::string host, std::size_t part) {
  auto slot = co_await bed.gate.enter(host, HostGate::Slot(), 0, part);
  if (!slot.held()) {
    ++bed.refused;
    co_return;
  }
  const TimePoint begun = bed.loop.now();
  bed.starts.emplace_back(slot.part(), begun);
  bed.peak.at(part) = std::max(bed.peak.at(part), ++bed.running.at(part));
  slot.progress()->connected.store(true);
  co_await sleep_for(10ms);
  --bed.running.at(part);
  PageHistory page;
  const Error why(Errc::reset, "reset");
  bed.gate.report(host, bed.sign, page, begun, bed.sign == HostSign::good ? nullptr : &why);
}

Task<void> join(std::vector<TaskHandle<void>> tasks) {
  for (auto& task : tasks) co_await task;
}

// So many of each part, those of one part behind the other.
Task<void> transfers(Bed& bed, int of_each) {
  std::vector<TaskHandle<void>> tasks;
  for (std::size_t part = 0; part < kParts; ++part) {
    for (int i = 0; i < of_each; ++i) tasks.push_back(spawn(transfer(bed, "a", part)));
  }
  auto joining = join(std::move(tasks));
  co_await std::move(joining);
}

Task<void> cancel_some(Bed& bed, int of_each) {
  std::vector<TaskHandle<void>> tasks;
  for (int i = 0; i < of_each; ++i) {
    for (std::size_t part = 0; part < kParts; ++part) tasks.push_back(spawn(transfer(bed, "a", part)));
  }
  for (std::size_t i = 0; i < tasks.size(); i += 3) {
    co_await sleep_for(2ms);
    tasks[i].cancel();
  }
  auto waiting = wait(tasks);
  co_await std::move(waiting);
}

}  // namespace

TEST_CASE("host_parts: an origin has parts only if one process can't use its cap, and then a power of two") {
  CHECK(host_parts(32, 0) == 1);
  CHECK(host_parts(32, 2) == 1);
  CHECK(host_parts(32, 32) == 1);
  CHECK(host_parts(32, 33) == 32);
  CHECK(host_parts(1, 2) == 2);
  CHECK(host_parts(1, 3) == 2);
  CHECK(host_parts(32, 63) == 32);
  CHECK(host_parts(32, 64) == 64);
  CHECK(host_parts(32, 128) == 64);
  CHECK(host_parts(1, 65'535) == kMostHostParts);
}

TEST_CASE("cap_of_part: the shares of all parts add up to the cap, and none is empty") {
  for (std::size_t slots : {std::size_t{1}, std::size_t{32}}) {
    for (std::size_t per_host = slots + 1; per_host < 1000; ++per_host) {
      const std::size_t parts = host_parts(slots, per_host);
      REQUIRE(std::has_single_bit(parts));
      std::size_t sum = 0;
      for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t share = cap_of_part(per_host, parts, part);
        REQUIRE(share >= 1);
        sum += share;
      }
      REQUIRE(sum == per_host);
    }
  }
  CHECK(cap_of_part(7, 4, 0) == 2);
  CHECK(cap_of_part(7, 4, 3) == 1);
}

TEST_CASE("HostGate: no part of an origin exceeds its share of the cap, and each of them reaches it") {
  Bed bed(7);
  bed.loop.run(transfers(bed, 25));
  CHECK(bed.starts.size() == 100);
  CHECK(bed.peak == std::array<int, kParts>{2, 2, 2, 1});
  CHECK(bed.gate.taken() == 0);
  CHECK(bed.gate.waiting() == 0);
}

TEST_CASE("HostGate: those who wait for a full part do not hold back another one") {
  Bed bed(8);
  const TimePoint begin = bed.clock.now();
  bed.loop.run(transfers(bed, 10));
  std::array<int, kParts> at_once{};
  for (const auto& [part, at] : bed.starts) at_once.at(part) += at == begin ? 1 : 0;
  // Nobody knows yet that the origin answers; then all parts start as many as they may.
  CHECK(at_once == std::array<int, kParts>{2, 2, 0, 0});
  CHECK(bed.peak == std::array<int, kParts>{2, 2, 2, 2});
  CHECK(bed.clock.now() - begin <= 60ms);
}

TEST_CASE("HostGate: cancelled waiters of a part, and those that have its share, leave no trace") {
  Bed bed(7, 5);
  bed.loop.run(cancel_some(bed, 25));
  CHECK(bed.gate.taken() == 0);
  CHECK(bed.gate.waiting() == 0);
  bed.running = bed.peak = {};
  bed.starts.clear();
  bed.loop.run(transfers(bed, 25));
  CHECK(bed.starts.size() == 100);
  CHECK(*std::max_element(bed.peak.begin(), bed.peak.end()) <= 2);
}

TEST_CASE("HostGate: an origin that is parked is parked in all its parts") {
  Bed bed(8);
  const TimePoint until = bed.clock.now() + 5s;
  bed.gate.park("a", until);
  bed.loop.run(transfers(bed, 10));
  CHECK(bed.starts.size() == 40);
  CHECK(bed.starts.front().second == until);
  CHECK(bed.gate.table().empty());
}

TEST_CASE(
    "HostGate: a doubtful origin gets one probe at a time, whichever parts wait, and all are given up") {
  Bed bed(400);
  bed.sign = HostSign::unreachable;
  const TimePoint begin = bed.clock.now();
  bed.loop.run(transfers(bed, 25));
  int after = 0;
  for (const auto& start : bed.starts) after += start.second > begin ? 1 : 0;
  CHECK(bed.starts.size() - static_cast<std::size_t>(after) == 4);
  CHECK(*std::max_element(bed.peak.begin(), bed.peak.end()) <= 4);
  CHECK(after + 4 + bed.refused == 100);
  CHECK(bed.refused > 50);
  CHECK(bed.gate.waiting() == 0);
  CHECK(bed.gate.taken() == 0);
}

TEST_CASE("HostGate: a doubt of another process does not count if the origin has answered well here since") {
  Bed bed(8);
  bed.clock.advance(1h);
  bed.loop.run(transfers(bed, 1));
  HostDoubt doubt;
  doubt.since = doubt.silent_since = bed.clock.now() - 1s;
  doubt.next_probe = bed.clock.now() + 1min;
  bed.gate.take_over("a", doubt, Error(Errc::reset, "reset"));
  CHECK(!bed.gate.doubt_of("a"));
  bed.clock.advance(2s);
  doubt.since = doubt.silent_since = bed.clock.now() - 1s;
  bed.gate.take_over("a", doubt, Error(Errc::reset, "reset"));
  CHECK(bed.gate.doubt_of("a"));
}

TEST_CASE("HostGate: a doubtful origin is asked at once when another process has had a good answer there") {
  Bed bed(8);
  bed.clock.advance(1h);
  HostDoubt doubt;
  doubt.since = doubt.silent_since = bed.clock.now() - 5s;
  doubt.next_probe = bed.clock.now() + 1min;
  bed.gate.take_over("a", doubt, Error(Errc::reset, "reset"));
  CHECK(bed.gate.knows("a"));
  CHECK(!bed.gate.knows("b"));
  const TimePoint begin = bed.clock.now();
  bed.gate.hear_good("a");
  bed.gate.hear_good("b");
  bed.loop.run(transfers(bed, 1));
  CHECK(bed.starts.size() == 4);
  CHECK(bed.starts.front().second == begin);
}
