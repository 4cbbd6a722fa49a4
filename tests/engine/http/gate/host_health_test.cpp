#include "engine/http/gate/host_health.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <vector>

using namespace leat;
using namespace leat::http;
using namespace std::chrono_literals;
using leat::async::Duration;
using leat::async::TimePoint;
using State = HostHealth::State;

namespace {

/// A host and what was told about it, on a clock of its own.
struct Watched {
  explicit Watched(Duration down = 60s) : health(down) {}

  void meet(HostSign sign, PageHistory& page, std::size_t others = 0) {
    health.take(sign, page, now, others, now);
  }
  void meet(HostSign sign, std::size_t others = 0) {
    PageHistory page;
    meet(sign, page, others);
  }
  void meet(HostSign sign, int times, std::size_t others) {
    for (int i = 0; i < times; ++i) meet(sign, others);
  }
  /// Waits for the next probe and makes it; gives how long that was.
  Duration probe(HostSign sign) {
    const TimePoint before = now;
    now = std::max(now, health.next_probe());
    CHECK(health.allows(0, now));
    CHECK(health.started(now));
    CHECK_FALSE(health.allows(0, now + 1h));  // there is one probe at a time
    meet(sign);
    health.probe_ended();
    return now - before;
  }

  HostHealth health;
  TimePoint now = TimePoint() + 1h;
};

/// The most transfers that may run at once.
std::size_t room_of(const Watched& host) {
  std::size_t running = 0;
  while (running < 1000 && host.health.allows(running, host.now)) ++running;
  return running;
}

}  // namespace

TEST_CASE(
    "HostHealth: a host that has never answered gets four transfers at once, and a host that has answered "
    "gets any number") {
  Watched host;
  CHECK(host.health.state() == State::untried);
  CHECK(room_of(host) == 4);
  host.meet(HostSign::good);
  CHECK(host.health.state() == State::well);
  CHECK(room_of(host) == 1000);
}

TEST_CASE(
    "HostHealth: three failures in a row make a host doubtful, unless a good answer comes between them") {
  for (const HostSign sign :
       {HostSign::bad_status, HostSign::overloaded, HostSign::broken, HostSign::unreachable}) {
    Watched host;
    host.meet(sign, 2, 10);
    host.meet(HostSign::good);
    host.meet(sign, 2, 10);
    CHECK(host.health.state() == State::well);
    host.meet(HostSign::nothing);
    CHECK(host.health.state() == State::well);
    host.meet(sign, 10);
    CHECK(host.health.state() == State::doubtful);
    CHECK(room_of(host) == 0);
  }
}

TEST_CASE(
    "HostHealth: probes of a doubtful host go out one at a time, after pauses that grow to two seconds") {
  Watched host(0s);
  host.meet(HostSign::unreachable, 3, 0);
  CHECK(host.probe(HostSign::unreachable) == 100ms);
  CHECK(host.probe(HostSign::unreachable) == 100ms);  // counted from the start of the one before
  CHECK(host.probe(HostSign::unreachable) == 150ms);
  const TimePoint begin = host.now;
  int in_twenty_seconds = 0;
  while (host.now < begin + 20s) {
    CHECK(host.probe(HostSign::unreachable) <= 2s);
    ++in_twenty_seconds;
  }
  CHECK(in_twenty_seconds < 20);
  while (host.now < begin + 1h) host.probe(HostSign::unreachable);
  CHECK(host.probe(HostSign::unreachable) == 60s);
}

TEST_CASE("HostHealth: what another process has found out of a host is gone on with") {
  Watched first;
  first.meet(HostSign::unreachable, 3, 0);
  for (int i = 0; i < 20; ++i) first.probe(HostSign::unreachable);
  const auto doubt = first.health.doubt();
  REQUIRE(doubt);
  CHECK(!doubt->is_down);
  Watched next;
  CHECK(!next.health.doubt());
  next.now = first.now + 20s;  // the first one is gone
  next.health.take_over(*doubt, next.now);
  CHECK(next.health.state() == State::doubtful);
  CHECK(next.health.since() == first.health.since());
  CHECK(next.health.allows(0, next.now));  // the next probe is due
  next.now += 100s;
  CHECK(!next.health.give_up_if_due(next.now));  // not before it was asked here
  next.probe(HostSign::unreachable);
  CHECK(next.health.give_up_if_due(next.now));
  CHECK(next.health.doubt()->is_down);
  Watched third;
  third.health.take_over(*next.health.doubt(), third.now);
  CHECK(third.health.state() == State::down);
}

TEST_CASE("HostHealth: a good answer makes a host well that another process found doubtful") {
  Watched first;
  first.meet(HostSign::bad_status, 3, 0);
  Watched next;
  next.health.take_over(*first.health.doubt(), next.now);
  CHECK(next.probe(HostSign::bad_status) > 0s);
  next.probe(HostSign::good);
  CHECK(next.health.state() == State::well);
  CHECK(!next.health.doubt());
}

TEST_CASE("HostHealth: the first good answer makes a host well, and it is filled step by step") {
  Watched host;
  host.meet(HostSign::good);
  host.meet(HostSign::bad_status, 3, 31);
  for (int i = 0; i < 5; ++i) host.probe(HostSign::bad_status);
  host.probe(HostSign::good);
  CHECK(host.health.state() == State::well);
  CHECK(room_of(host) == 3);
  host.meet(HostSign::good, 10, 3);
  CHECK(room_of(host) == 13);
  CHECK(host.health.since() < host.now);
}

TEST_CASE(
    "HostHealth: after a doubt that the first probe disproved, the next doubt takes twice as many failures") {
  Watched host;
  host.meet(HostSign::bad_status, 3, 0);
  host.probe(HostSign::good);
  host.meet(HostSign::bad_status, 5, 0);
  CHECK(host.health.state() == State::well);
  host.meet(HostSign::bad_status);
  CHECK(host.health.state() == State::doubtful);
  for (int i = 0; i < 4; ++i) host.probe(HostSign::bad_status);
  host.probe(HostSign::good);  // this doubt was true
  host.meet(HostSign::bad_status, 3, 0);
  CHECK(host.health.state() == State::doubtful);
}

TEST_CASE("HostHealth: a page that fails again means nothing once the host has answered others well") {
  Watched host;
  std::vector<PageHistory> broken(300);
  for (auto& page : broken) {
    host.meet(HostSign::bad_status, page);
    if (host.health.state() == State::doubtful) host.probe(HostSign::good);
  }
  host.meet(HostSign::good);
  for (int round = 0; round < 3; ++round) {
    for (auto& page : broken) host.meet(HostSign::bad_status, page);
    CHECK(host.health.state() == State::well);
  }
  host.meet(HostSign::unreachable, broken[0]);  // this is not the page's fault
  host.meet(HostSign::unreachable, broken[1]);
  CHECK(host.health.state() == State::well);
}

TEST_CASE("HostHealth: a host that has answered nothing for the given time is down, and stays so") {
  Watched host;
  host.meet(HostSign::unreachable, 3, 0);
  const TimePoint begin = host.now;
  CHECK(host.health.down_at() == begin + 60s);
  CHECK_FALSE(host.health.give_up_if_due(begin + 59s));
  CHECK(host.health.state() == State::doubtful);
  CHECK(host.health.give_up_if_due(begin + 60s));
  CHECK(host.health.state() == State::down);
  host.meet(HostSign::good);
  CHECK(host.health.state() == State::down);
  CHECK(room_of(host) == 0);
}

TEST_CASE("HostHealth: with a time of zero, a host is never down") {
  Watched host(0s);
  host.meet(HostSign::unreachable, 30, 0);
  CHECK(host.health.down_at() == TimePoint::max());
  CHECK_FALSE(host.health.give_up_if_due(host.now + 1000h));
}

TEST_CASE(
    "HostHealth: bad statuses alone make a host given up only if twenty different records got nothing else") {
  Watched host;
  std::vector<PageHistory> pages(20);
  for (int round = 0; round < 5; ++round) {
    for (int i = 0; i < 19; ++i) host.meet(HostSign::bad_status, pages[static_cast<std::size_t>(i)]);
  }
  const TimePoint begin = host.now;
  host.now = begin + 59s;
  host.meet(HostSign::bad_status, pages[0]);
  CHECK_FALSE(host.health.give_up_if_due(begin + 60s));  // it answered a second ago
  CHECK(host.health.down_at() == begin + 119s);
  host.meet(HostSign::bad_status, pages[19]);
  CHECK(host.health.down_at() == begin + 60s);
  CHECK(host.health.give_up_if_due(begin + 60s));
}

TEST_CASE(
    "HostHealth: a host that refuses some requests while it answers others has room only for those that it "
    "answers") {
  Watched host;
  host.meet(HostSign::good);
  host.meet(HostSign::unreachable, 1, 10);
  host.meet(HostSign::unreachable, 1, 4);
  host.meet(HostSign::unreachable, 1, 4);
  CHECK(host.health.state() == State::doubtful);
  host.meet(HostSign::good, 4);  // one of those that run: no probe was needed
  CHECK(host.health.state() == State::well);
  for (int i = 0; i < 20; ++i) host.meet(HostSign::good, 3);
  CHECK(room_of(host) == 4);
  int turned_away = 0;
  for (int i = 0; i < 1000; ++i) {
    if (room_of(host) > 4) {
      host.meet(HostSign::unreachable, 4);
      ++turned_away;
    }
    host.meet(HostSign::good, 3);
  }
  CHECK(turned_away < 60);
  CHECK(room_of(host) <= 5);
  for (int i = 0; i < 20'000; ++i) host.meet(HostSign::good, 3);  // now it takes more failures
  CHECK(room_of(host) > 8);
}

TEST_CASE("HostHealth: a host of whose connections one in a hundred breaks keeps all its room") {
  Watched host;
  for (int i = 1; i < 20'000; ++i) host.meet(i % 100 == 0 ? HostSign::broken : HostSign::good, 31);
  CHECK(room_of(host) == 1000);
}

TEST_CASE("HostHealth: an outage leaves no limit behind") {
  Watched host;
  host.meet(HostSign::good);
  for (std::size_t others = 31; others > 0; --others) host.meet(HostSign::broken, others);
  for (int i = 0; i < 5; ++i) host.probe(HostSign::unreachable);
  host.probe(HostSign::good);
  for (int i = 0; i < 100; ++i) host.meet(HostSign::good, 1);
  CHECK(room_of(host) > 64);
}

TEST_CASE("HostSign: an answer or an error is told as what it says about its host") {
  CHECK(sign_of_status(200, false) == HostSign::good);
  CHECK(sign_of_status(404, false) == HostSign::good);
  CHECK(sign_of_status(408, true) == HostSign::good);
  CHECK(sign_of_status(501, false) == HostSign::good);
  CHECK(sign_of_status(500, true) == HostSign::bad_status);
  CHECK(sign_of_status(522, true) == HostSign::bad_status);
  CHECK(sign_of_status(429, true) == HostSign::overloaded);
  CHECK(sign_of_status(503, true) == HostSign::overloaded);
  for (const Errc code :
       {Errc::connect_refused, Errc::connect_timeout, Errc::connect_failed, Errc::dns_timeout}) {
    CHECK(sign_of(Error(code, "")) == HostSign::unreachable);
  }
  Error refused_tunnel(Errc::connect_failed, "the proxy refused the tunnel (CONNECT): HTTP 502");
  refused_tunnel.http_status = 502;
  CHECK(sign_of(refused_tunnel) == HostSign::unreachable);
  refused_tunnel.retryable = false;
  CHECK(sign_of(refused_tunnel) == HostSign::nothing);
  CHECK(sign_of(Error(Errc::reset, "")) == HostSign::broken);
  CHECK(sign_of(Error(Errc::timeout, "")) == HostSign::broken);
  Error cut(Errc::truncated, "");
  cut.http_status = 200;
  CHECK(sign_of(cut) == HostSign::nothing);
  Error too_large(Errc::body_too_large, "");
  too_large.http_status = 200;
  CHECK(sign_of(too_large) == HostSign::good);
  Error no_such_name(Errc::dns_failed, "");
  CHECK(sign_of(no_such_name) == HostSign::unreachable);
  no_such_name.retryable = false;
  CHECK(sign_of(no_such_name) == HostSign::nothing);
  CHECK(sign_of(Error(Errc::tls_untrusted, "")) == HostSign::nothing);
  CHECK(sign_of(Error(Errc::checksum_mismatch, "")) == HostSign::nothing);
  Error no_descriptor(Errc::connect_failed, "");
  no_descriptor.os_errno = EMFILE;
  CHECK(sign_of(no_descriptor) == HostSign::nothing);
}
