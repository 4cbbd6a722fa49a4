// What processes of a job tell each other while they have parts of the same origins.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "pipelines/state/redis/redis_job.hpp"
#include "tests/pipelines/state/redis/job_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

const std::string kOrigin = "http://a.org:80";

JobOptions options_with_parts(const tests::RedisServer& server, std::size_t parts) {
  JobOptions options = job_options(server);
  options.parts = parts;
  options.most_in_hand = 10;
  return options;
}

/// What is done and waited for: it is called again and again until it says that it is so.
using Step = std::function<bool()>;

// Takes one step after the other, for five seconds each at most, while both go on; says how many were taken.
// It is one run of the loop, since the end of a run cuts a call to Redis that is under way, which ends the
// job.
async::Task<std::size_t> go_on(Job& a, Job& b, std::vector<Step> steps) {
  for (std::size_t taken = 0; taken < steps.size(); ++taken) {
    bool is_so = steps[taken]();
    for (int i = 0; i < 500 && !is_so; ++i) {
      for (Job* one : {&a, &b}) {
        auto committing = one->commit();
        co_await std::move(committing);
      }
      co_await async::sleep_for(10ms);
      is_so = steps[taken]();
    }
    if (!is_so) co_return taken;
  }
  co_return steps.size();
}

OriginHealth doubt_at(OpenJob& job, bool is_down) {
  const auto now = job.loop().now();
  OriginHealth health;
  auto& doubt = health.doubt.emplace();
  doubt.is_down = is_down;
  doubt.since = doubt.silent_since = now - 60s;
  doubt.next_probe = now + 5s;
  health.last = Error(Errc::reset, "reset");
  return health;
}

/// Two processes of which each has half of the partitions, and what each of them has heard.
struct Pair {
  explicit Pair(std::size_t parts)
      : a(options_with_parts(server, parts)), b(a.shared_loop(), options_with_parts(server, parts)) {
    a->when_told(this, [this](std::string_view origin) {
      if (origin == kOrigin) by_a.emplace_back(origin);
      has_heard = true;
    });
    b->when_told(this, [this](std::string_view origin) { by_b.emplace_back(origin); });
  }
  [[nodiscard]] bool is_even() const {
    const auto owners = tests::lines_of(server.ask({"HVALS", "leat:{j}:owners"}));
    return owners.size() == 64 && std::count(owners.begin(), owners.end(), owners.front()) == 32;
  }
  /// Takes the steps once each has its half and knows of it.
  void go_through(std::vector<Step> steps) {
    const Step both_know = [this] {
      if (a->parts() < kPartitions) return true;
      b->park("http://b.org:80", b.loop().now() + 1h);
      return has_heard;
    };
    steps.insert(steps.begin(), {[this] { return is_even(); }, both_know});
    const std::size_t count = steps.size();
    CHECK(a.loop().run(go_on(*a, *b, std::move(steps))) == count);
  }

  tests::RedisServer server;
  OpenJob a;
  OpenJob b;
  bool has_heard = false;         // a has, of whatever origin
  std::vector<std::string> by_a;  // of kOrigin
  std::vector<std::string> by_b;
};

}  // namespace

TEST_CASE(
    "RedisJob: a pause that one process was asked for is heard by one that has other parts of the origin") {
  Pair pair(64);
  const auto park = [&pair](async::Duration pause) {
    pair.a->park(kOrigin, pair.a.loop().now() + pause);
    return true;
  };
  const auto left = [&pair] {
    const auto past = pair.b->past_of(kOrigin);
    return past.parked_until ? *past.parked_until - pair.b.loop().now() : async::Duration(0);
  };
  const auto heard = [&pair](std::ptrdiff_t times) {
    return std::count(pair.by_b.begin(), pair.by_b.end(), kOrigin) == times;
  };
  const auto prolong = [&] {
    CHECK(left() > 60s);
    CHECK(left() <= 100s);
    return park(50s) && park(200s);  // an earlier time is no news
  };
  pair.go_through({[&] { return park(100s); }, [&] { return heard(1); }, prolong, [&] { return heard(2); }});
  CHECK(left() > 160s);
  CHECK(pair.by_a.empty());  // its own gate knows
}

TEST_CASE(
    "RedisJob: who has other parts of an origin hears that it is doubtful, down and well, each of them "
    "once") {
  Pair pair(64);
  std::vector<std::string> said;
  pair.b->when_told(&pair, [&](std::string_view origin) {
    const auto health = pair.b->take_health(origin);
    if (origin != kOrigin || !health) return;
    if (health->doubt) CHECK(health->last.code == Errc::reset);
    said.emplace_back(!health->doubt ? "well" : health->doubt->is_down ? "down" : "doubtful");
  });
  const auto tell = [&pair](OriginHealth health) {
    pair.a->tell_health(kOrigin, std::move(health));
    return true;
  };
  // Another probe is no news.
  pair.go_through({[&] { return tell(doubt_at(pair.a, false)); }, [&] { return said.size() == 1; },
                   [&] { return tell(doubt_at(pair.a, false)); },
                   [asked = 0]() mutable { return ++asked == 3; },  // both commit in between
                   [&] { return tell(doubt_at(pair.a, true)); }, [&] { return said.size() == 2; },
                   [&] { return tell(OriginHealth()); }, [&] { return said.size() == 3; }});
  CHECK(said == std::vector<std::string>{"doubtful", "down", "well"});
  CHECK(!pair.b->take_health(kOrigin));
  CHECK(pair.by_a.empty());
}

TEST_CASE(
    "RedisJob: what a process says of an origin counts while it has any part of it, and not after that") {
  tests::RedisServer server;
  OpenJob a(options_with_parts(server, 2));
  const auto home = home_of(kOrigin) % 64;
  const std::string known = "leat:{j." + std::to_string(home) + "}:health";
  server.ask({"ZADD", "leat:{j}:alive", "99999999999999", "another"});
  server.ask({"HSET", "leat:{j}:owners", std::to_string(home), "another"});
  a->tell_health(kOrigin, doubt_at(a, false));
  a.commit();
  CHECK(server.ask({"EXISTS", known}) == "1");
  server.ask({"DEL", known});
  server.ask({"HSET", "leat:{j}:owners", std::to_string((home + 1) % 64), "another"});
  a->tell_health(kOrigin, doubt_at(a, false));
  a.commit();
  CHECK(server.ask({"EXISTS", known}) == "0");
}

TEST_CASE(
    "RedisJob: a process that gets a part of an origin learns what is known, in whichever partition it is") {
  tests::RedisServer server;
  {
    OpenJob a(options_with_parts(server, 64));
    a->park(kOrigin, a.loop().now() + 100s);
    a->tell_health(kOrigin, doubt_at(a, false));
    a.commit();
  }
  // Another process has all partitions but the last one of the origin's.
  const auto home = home_of(kOrigin) % 64;
  server.ask({"ZADD", "leat:{j}:alive", "99999999999999", "another"});
  for (unsigned p = 0; p < 64; ++p) {
    if (p != (home + 63) % 64) server.ask({"HSET", "leat:{j}:owners", std::to_string(p), "another"});
  }
  OpenJob b(options_with_parts(server, 64));
  CHECK(b->past_of(kOrigin).parked_until);
  CHECK(b->take_health(kOrigin));
}

TEST_CASE(
    "RedisJob: what comes in one call is of all parts of an origin, and no part has more than its share "
    "here") {
  tests::RedisServer server;
  OpenJob a(options_with_parts(server, 64));
  std::vector<JobRecord> made;
  for (std::uint64_t id = 1; id <= 640; ++id)
    made.emplace_back(place_of(kOrigin, id, 64), std::to_string(id));
  CHECK(a.put(std::move(made), 640, true));
  std::map<std::size_t, std::size_t> of_part;
  std::vector<JobWorkPtr> in_hand;
  for (int call = 0; call < 4; ++call) {
    auto works = a.run(a->take(64));
    CHECK(works.size() == 64);
    std::set<std::size_t> parts;
    for (auto& work : works) {
      parts.insert(work->part());
      ++of_part[work->part()];
      in_hand.push_back(std::move(work));
    }
    CHECK(parts.size() == 16);
  }
  CHECK(of_part.size() == 64);
  for (const auto& one : of_part) CHECK_MESSAGE(one.second == 4, one.first);
  while (in_hand.size() < 640) {
    auto works = a.run(a->take(64));
    REQUIRE(!works.empty());
    for (auto& work : works) {
      CHECK(++of_part[work->part()] <= 10);
      in_hand.push_back(std::move(work));
    }
  }
}

TEST_CASE("RedisJob: the parts of one origin are spread evenly while the source has more records") {
  Pair pair(2);
  std::vector<JobRecord> made;
  for (std::uint64_t id = 1; id <= 1000; ++id)
    made.emplace_back(place_of(kOrigin, id, 2), std::to_string(id));
  CHECK(pair.a.put(std::move(made), 1000, false));
  const auto owner_of = [&pair](std::size_t part) {
    const auto partition = JobLeases::partition_of(place_of(kOrigin, part, 2));
    return pair.server.ask({"HGET", "leat:{j}:owners", std::to_string(partition)});
  };
  pair.go_through({[&] {
    const std::string first = owner_of(0);
    const std::string second = owner_of(1);
    return first != second && !first.empty() && !second.empty();
  }});
}

TEST_CASE("RedisJob: what processes hear of each other lapses, and of a job without parts there is nothing") {
  Pair pair(64);
  const auto tell = [](Pair& one) {
    one.a->park(kOrigin, one.a.loop().now() + 100s);
    one.a->tell_health(kOrigin, doubt_at(one.a, false));
    return true;
  };
  pair.go_through({[&] { return tell(pair); }, [&] { return pair.by_b.size() == 2; }});
  const int left = std::stoi(pair.server.ask({"PTTL", "leat:{j}:news"}));
  CHECK(left > 0);
  CHECK(left <= 60'000);
  Pair without(1);
  const auto is_told = [&without](const char* keys) { return !without.server.ask({"KEYS", keys}).empty(); };
  without.go_through({[&] { return tell(without); }, [&] { return is_told("*:parked"); },
                      [&] { return is_told("*:health"); }});
  CHECK(without.server.ask({"EXISTS", "leat:{j}:news"}) == "0");
  CHECK(without.by_b.empty());
}

TEST_CASE(
    "RedisJob: each of those who hear of an origin is told how it answers, and one that has left is not") {
  Pair pair(64);
  std::vector<std::string> said;
  const auto listen = [&](const std::string& name) {
    return [&said, &pair, name](std::string_view origin) {
      const auto health = pair.b->take_health(origin);
      if (origin == kOrigin && health) said.push_back(name + (health->doubt ? " doubtful" : " well"));
    };
  };
  const int first = 0;
  const int second = 0;
  pair.b->when_told(&first, listen("first"));
  pair.b->when_told(&second, listen("second"));
  const auto tell = [&pair](OriginHealth health) {
    pair.a->tell_health(kOrigin, std::move(health));
    return true;
  };
  const auto leave = [&] {
    CHECK(std::count(said.begin(), said.end(), "first doubtful") == 1);
    CHECK(std::count(said.begin(), said.end(), "second doubtful") == 1);
    said.clear();
    pair.b->when_told(&first, {});
    return true;
  };
  pair.go_through({[&] { return tell(doubt_at(pair.a, false)); }, [&] { return said.size() == 2; }, leave,
                   [&] { return tell(OriginHealth()); }, [&] { return !said.empty(); }});
  CHECK(said == std::vector<std::string>{"second well"});
  CHECK(!pair.b->take_health(kOrigin));
}
