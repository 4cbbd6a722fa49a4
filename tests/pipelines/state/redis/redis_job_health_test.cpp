#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "engine/async/sleep.hpp"
#include "pipelines/state/redis/redis_job.hpp"
#include "tests/pipelines/state/redis/job_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

const std::string kDead = "http://dead.org:80";

/// It has not answered well for a minute.
OriginHealth silent(OpenJob& job, bool is_down) {
  const auto now = job.loop().now();
  OriginHealth health;
  auto& doubt = health.doubt.emplace();
  doubt.is_down = is_down;
  doubt.since = now - 60s;
  doubt.silent_since = now - 50s;
  doubt.next_probe = now + 5s;
  doubt.records = 7;
  health.last = Error(Errc::http_status, "HTTP 502 Bad Gateway");
  health.last.http_status = 502;
  return health;
}

bool is_about(async::Duration time, async::Duration wanted) {
  return time > wanted - 3s && time < wanted + 3s;
}

}  // namespace

TEST_CASE("RedisJob: who has an origin's records next knows since when it is silent, once") {
  tests::RedisServer server;
  {
    OpenJob a(server);
    a->tell_health(kDead, silent(a, false));
    a->tell_health("http://gone.org:80", silent(a, true));
    a->tell_health("http://well.org:80", silent(a, false));
    a->tell_health("http://well.org:80", OriginHealth());
    a.commit();
    CHECK(!a->take_health(kDead));  // its own gate knows
  }
  OpenJob b(server);
  const auto now = b.loop().now();
  const auto known = b->take_health(kDead);
  REQUIRE(known);
  REQUIRE(known->doubt);
  CHECK(!known->doubt->is_down);
  CHECK(is_about(now - known->doubt->since, 60s));
  CHECK(is_about(now - known->doubt->silent_since, 50s));
  CHECK(is_about(known->doubt->next_probe - now, 5s));
  CHECK(known->doubt->records == 7);
  CHECK(known->last.code == Errc::http_status);
  CHECK(known->last.http_status == 502);
  CHECK(known->last.message == "HTTP 502 Bad Gateway");
  CHECK(!b->take_health(kDead));
  const auto gone = b->take_health("http://gone.org:80");
  REQUIRE(gone);
  CHECK(gone->doubt->is_down);
  CHECK(!b->take_health("http://well.org:80"));
}

TEST_CASE("RedisJob: an origin that is well again is silent for nobody, and nothing is kept of it") {
  tests::RedisServer server;
  {
    OpenJob a(server);
    a->tell_health(kDead, silent(a, false));
    a.commit();
  }
  {
    OpenJob b(server);
    REQUIRE(b->take_health(kDead));
    b->tell_health(kDead, OriginHealth());
    b.commit();
  }
  OpenJob c(server);
  CHECK(!c->take_health(kDead));
  CHECK(server.ask({"KEYS", "*:health"}).empty());
}

TEST_CASE("RedisJob: what a process says of an origin that is another one's by now does not count") {
  tests::RedisServer server;
  OpenJob a(server);
  const auto partition = std::to_string(home_of(kDead) % 64);
  server.ask({"HSET", "leat:{j}:owners", partition, "another"});
  a->tell_health(kDead, silent(a, true));
  a.commit();
  CHECK(server.ask({"KEYS", "*:health"}).empty());
}

TEST_CASE("RedisJob: what Redis keeps of silent origins lapses") {
  tests::RedisServer server;
  OpenJob a(server);
  a->tell_health(kDead, silent(a, false));
  a.commit();
  const std::string key = "leat:{j." + std::to_string(home_of(kDead) % 64) + "}:health";
  const int doubtful = std::stoi(server.ask({"PTTL", key}));
  CHECK(doubtful > 500'000);
  CHECK(doubtful <= 600'000);
  a->tell_health(kDead, silent(a, true));
  a.commit();
  const int down = std::stoi(server.ask({"PTTL", key}));
  CHECK(down > 3'500'000);
  CHECK(down <= 3'600'000);
}

TEST_CASE("read_job_status: the hosts that are down are said, those that have been silent longest first") {
  tests::RedisServer server;
  OpenJob a(server);
  a->tell_health(kDead, silent(a, false));
  auto longer = silent(a, true);
  longer.doubt->since -= 60s;
  longer.last = Error(Errc::connect_refused, "nobody listens");
  a->tell_health("http://gone.org:80", longer);
  a.commit();
  const auto status = a.run(read_job_status(a.loop(), job_options(server).url));
  CHECK(status.down_count == 2);
  REQUIRE(status.down.size() == 2);
  CHECK(status.down[0].origin == "http://gone.org:80");
  CHECK(status.down[0].is_given_up);
  CHECK(status.down[0].code == "connect_refused");
  CHECK(status.down[0].message == "nobody listens");
  CHECK(status.down[1].origin == kDead);
  CHECK(!status.down[1].is_given_up);
  CHECK(status.down[1].seconds >= 60);
  CHECK(status.down[1].seconds < 70);
  CHECK(status.down[1].next_probe > 0);
  CHECK(status.down[1].next_probe <= 5);
}
