#include "engine/dns/address_health.hpp"

#include <doctest/doctest.h>

#include <utility>

using leat::async::ManualClock;
using leat::async::TimePoint;
using leat::http::AddressHealth;
using namespace std::chrono_literals;

namespace {

struct Health {
  [[nodiscard]] bool suspects(const char* address) const {
    return health.failed_at(address, clock.now()) != TimePoint::min();
  }
  void fails(const char* address) { health.failed(address, clock.now()); }

  AddressHealth health;
  ManualClock clock;
};

}  // namespace

TEST_CASE("AddressHealth: an address that failed is tried last for a while, its neighbours are not") {
  Health it;
  it.fails("127.0.0.1:80");
  CHECK(it.suspects("127.0.0.1:80"));
  CHECK_FALSE(it.suspects("127.0.0.1:81"));
  CHECK_FALSE(it.suspects("127.0.0.2:80"));
  it.clock.advance(29s);
  CHECK(it.suspects("127.0.0.1:80"));
  it.clock.advance(1s);
  CHECK_FALSE(it.suspects("127.0.0.1:80"));
}

TEST_CASE("AddressHealth: an address that fails again and again is tried last for longer each time") {
  Health it;
  for (const auto lasts : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
    CAPTURE(lasts.count());
    it.fails("a:1");
    it.clock.advance(lasts - 1s);
    CHECK(it.suspects("a:1"));
    it.clock.advance(1s);
    CHECK_FALSE(it.suspects("a:1"));
  }
}

TEST_CASE("AddressHealth: many transfers that fail at once are one failure") {
  Health it;
  for (int i = 0; i < 100; ++i) it.fails("a:1");
  it.clock.advance(30s);
  CHECK_FALSE(it.suspects("a:1"));
}

TEST_CASE(
    "AddressHealth: an address that took a connection is as good as new at once, and its failures are "
    "forgotten") {
  Health it;
  it.fails("a:1");
  it.clock.advance(30s);
  it.fails("a:1");
  it.health.worked("a:1");
  CHECK_FALSE(it.suspects("a:1"));
  it.fails("a:1");
  it.clock.advance(30s);
  CHECK_FALSE(it.suspects("a:1"));
}

TEST_CASE("AddressHealth: it knows which address failed longest ago") {
  Health it;
  it.fails("a:1");
  it.clock.advance(1s);
  it.fails("b:1");
  CHECK(it.health.failed_at("a:1", it.clock.now()) < it.health.failed_at("b:1", it.clock.now()));
  it.clock.advance(1s);
  it.fails("a:1");
  CHECK(it.health.failed_at("b:1", it.clock.now()) < it.health.failed_at("a:1", it.clock.now()));
}

TEST_CASE(
    "AddressHealth: the version changes with each failure, with each success after one, and when the time of "
    "one is over") {
  Health it;
  auto last = it.health.version(it.clock.now());
  const auto changed = [&] {
    const auto now = it.health.version(it.clock.now());
    return std::exchange(last, now) != now;
  };
  CHECK_FALSE(changed());
  it.health.worked("a:1");
  CHECK_FALSE(changed());
  it.fails("a:1");
  CHECK(changed());
  it.clock.advance(15s);
  CHECK_FALSE(changed());
  it.fails("b:1");
  CHECK(changed());
  it.clock.advance(15s);
  CHECK(changed());
  CHECK_FALSE(changed());
  it.health.worked("b:1");
  CHECK(changed());
  it.clock.advance(1h);
  CHECK_FALSE(it.suspects("a:1"));
}
