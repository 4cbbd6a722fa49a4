#include "pipelines/state/redis/redis_job.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "tests/pipelines/state/redis/job_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

// Both go on meanwhile.
async::Task<void> pass_time(Job& a, Job& b, async::Duration time) {
  for (Job* one : {&a, &b}) {
    auto committing = one->commit();
    co_await std::move(committing);
  }
  co_await async::sleep_for(time);
}
void pass_time(OpenJob& job, async::Duration time) { job.loop().run(pass_time(*job, *job, time)); }

using Held = std::vector<std::pair<Job*, JobWorkPtr>>;

// Takes what comes to this process until the job is over, and says how much that was. Nothing of it ends
// before both have `all` of it together: a process that is faster would get what the other one has not begun.
async::Task<std::size_t> take_all(Job& job, Held& held, std::size_t all) {
  for (std::size_t count = 0;;) {
    auto taking = job.take(4);
    auto works = co_await std::move(taking);
    if (!works.ok() || works->empty()) co_return count;
    for (auto& work : *works) {
      if (!work->may_start()) continue;
      held.emplace_back(&job, std::move(work));
      ++count;
    }
    if (held.size() < all) continue;
    for (auto& [owner, work] : std::exchange(held, {}))
      owner->ended(std::move(work), RootEnd(0, Outcome::ok));
  }
}

async::Task<std::pair<std::size_t, std::size_t>> take_together(Job& a, Job& b, std::size_t all) {
  Held held;
  auto by_a = async::spawn(take_all(a, held, all), "a");
  auto by_b = async::spawn(take_all(b, held, all), "b");
  const std::size_t count_a = co_await by_a;
  const std::size_t count_b = co_await by_b;
  co_return std::pair(count_a, count_b);
}

bool is_even(const tests::RedisServer& server) {
  const auto owners = tests::lines_of(server.ask({"HVALS", "leat:{j}:owners"}));
  return owners.size() == 64 && std::count(owners.begin(), owners.end(), owners.front()) == 32;
}

}  // namespace

TEST_CASE("RedisJob: two processes share the records evenly, each of them once, and both see the end") {
  tests::RedisServer server;
  OpenJob a(server);
  OpenJob b(a.shared_loop(), job_options(server));
  for (int i = 0; i < 100 && !is_even(server); ++i) a.loop().run(pass_time(*a, *b, 50ms));
  CHECK(a->is_new());
  CHECK(!b->is_new());
  CHECK(a.put(records(1, 128), 128, false));
  CHECK(a.put({}, 128, true));
  const auto counts = a.loop().run(take_together(*a, *b, 128));
  CHECK(counts.first == 64);
  CHECK(counts.second == 64);
  CHECK(!a.leave());
  const auto sum = b.leave();
  REQUIRE(sum);
  CHECK(to_text(*sum) == "128 ok");
}

TEST_CASE("RedisJob: what a process leaves undone comes to the next one") {
  tests::RedisServer server;
  {
    OpenJob a(server);
    CHECK(a.put(records(1, 4), 4, true));
    auto kept = a.run(a->take(3));
    CHECK(kept.size() == 3);
    a.end(std::move(kept[0]));
    a.commit();
  }
  OpenJob b(server);
  std::set<std::string> texts;
  while (texts.size() < 3) {
    auto work = b.take_one();
    REQUIRE(work != nullptr);
    texts.insert(work->text());
    b.end(std::move(work));
    b.commit();
  }
  CHECK(b.take_one() == nullptr);
  CHECK(b->is_over());
}

TEST_CASE("RedisJob: who has an origin's records next knows until when it is to be left alone") {
  tests::RedisServer server;
  {
    OpenJob a(server);
    CHECK(!a->past_of("http://a.org:80").taken_over);
    a->park("http://a.org:80", a.loop().now() + 100s);
    a->park("http://a.org:80", a.loop().now() + 50s);  // an earlier time changes nothing
    a->park("http://b.org:80", a.loop().now() - 1s);
    a.commit();
    CHECK(!a->past_of("http://a.org:80").parked_until);  // its own gate knows
  }
  OpenJob b(server);
  const auto past = b->past_of("http://a.org:80");
  REQUIRE(past.taken_over);
  CHECK(*past.taken_over <= b.loop().now());
  REQUIRE(past.parked_until);
  const auto left = *past.parked_until - b.loop().now();
  CHECK(left > 60s);
  CHECK(left <= 100s);
  CHECK(!b->past_of("http://b.org:80").parked_until);
  CHECK(!b->past_of("http://c.org:80").parked_until);
}

TEST_CASE("RedisJob: what Redis keeps of origins that are left alone lapses with the last of them") {
  tests::RedisServer server;
  OpenJob a(server);
  for (int i = 0; i < 100; ++i) a->park("http://" + std::to_string(i) + ".org:80", a.loop().now() + 100s);
  a->park("http://0.org:80", a.loop().now() + 200s);
  a.commit();
  const std::string longest =
      server.ask({"EVAL",
                  "local most = 0 for _, key in ipairs(redis.call('KEYS', '*:parked')) do "
                  "local left = redis.call('PTTL', key) if left < 0 then return left end "
                  "most = math.max(most, left) end return most",
                  "0"});
  CAPTURE(longest);
  CHECK(std::stoi(longest) > 100'000);
  CHECK(std::stoi(longest) <= 200'000);
}

TEST_CASE("RedisJob: a record that was let go comes again") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 1), 1, true));
  auto work = a.take_one();
  REQUIRE(work != nullptr);
  work.reset();
  work = a.take_one();
  REQUIRE(work != nullptr);
  CHECK(work->text() == "1");
}

TEST_CASE("RedisJob: a process that takes over from a silent one starts where that had read to") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 2), 2, false));
  a.leave();
  OpenJob b(server);
  const auto turn = b.run(b->wait_for_turn());
  REQUIRE(turn);
  CHECK(turn->records == 2);
}

TEST_CASE("RedisJob: a reader whose turn has gone to another puts nothing") {
  tests::RedisServer server;
  OpenJob a(server);
  static_cast<void>(a.run(a->wait_for_turn()));
  server.ask({"HINCRBY", "leat:{j}:job", "reader_fence", "1"});  // as the next reader's beat does
  SourcePosition at;
  at.records = 1;
  CHECK(!a.run(a->put(records(1, 1), at, false)));
  CHECK(server.ask({"HGET", "leat:{j}:job", "position"}) == "0");
}

TEST_CASE("RedisJob: records of a partition that was given to another process do not start") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 1), 1, true));
  auto work = a.take_one();
  REQUIRE(work != nullptr);
  server.ask({"HSET", "leat:{j}:owners", "1", "another"});
  server.ask({"ZADD", "leat:{j}:alive", "99999999999999", "another"});
  pass_time(a, 200ms);
  CHECK(!work->may_start());
}

TEST_CASE("RedisJob: what is acknowledged late counts, and what is acknowledged twice counts once") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 1), 1, true));
  auto work = a.take_one();
  REQUIRE(work != nullptr);
  REQUIRE(work->may_start());
  server.ask({"DEL", "leat:{j}:alive"});  // it has lapsed, and comes again
  pass_time(a, 200ms);
  CHECK(!work->may_start());
  a->ended(std::move(work), RootEnd(0, Outcome::ok));
  a.commit();
  CHECK(server.ask({"HGET", "leat:{j}:sums", "outcome:0"}) == "1");
  CHECK(a.take_one() == nullptr);
}

TEST_CASE("RedisJob: all that came of a record is counted once, with the codes of its errors") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 3), 3, true));
  for (int i = 0; i < 3; ++i) {
    auto work = a.take_one();
    REQUIRE(work != nullptr);
    RootEnd end(1, Outcome::ok);
    end.counts = {4, 0, 1, 0, 0};
    if (i == 2) {
      end.counts[1] = 3;
      end.failed_at = "b.org";
      end.code = "timeout";
      end.codes = {{"timeout", 2}, {"dns_failed", 1}};
    }
    a->ended(std::move(work), std::move(end));
    a.commit();
  }
  const auto status = a.loop().run(read_job_status(a.loop(), job_options(server).url));
  REQUIRE(status.ok());
  CHECK(status.value().done == 3);
  CHECK(status.value().outcomes == std::array<std::uint64_t, kOutcomes>{12, 3, 3, 0, 0});
  CHECK(status.value().errors ==
        std::vector<std::pair<std::string, std::uint64_t>>{{"timeout", 2}, {"dns_failed", 1}});
  CHECK(status.value().hosts == std::vector<std::pair<std::string, std::uint64_t>>{{"b.org", 3}});
  REQUIRE(status.value().failures.size() == 1);
  CHECK(status.value().failures.front().code == "timeout");
}

TEST_CASE("RedisJob: a record whose children Redis has lost is not done, and comes again") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 1), 1, true));
  auto work = a.take_one();
  REQUIRE(work != nullptr);
  FrontierItem child(7, "child");
  child.place = 2;
  CHECK(a.run(a->add(1, {child})) == 1);
  server.ask({"DEL", "leat:{j}:puts", "leat:{j.2}:queue", "leat:{j.7}:first:1"});
  server.ask({"HINCRBY", "leat:{j}:sums", "created", "-1"});
  a.end(std::move(work));
  a.commit();
  work = a.take_one();
  REQUIRE(work != nullptr);
  CHECK(work->text() == "1");
  CHECK(a.run(a->add(1, {child})) == 1);
  a.end(std::move(work));
  a.commit();
  work = a.take_one();
  REQUIRE(work != nullptr);
  CHECK(work->text() == "child");
}

TEST_CASE("RedisJob: a record's place is compared with that of its partition") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(5, 1), 1, true));
  const auto work = a.take_one();
  REQUIRE(work != nullptr);
  CHECK(work->is_at(5));
  CHECK(work->is_at(5 + 64));
  CHECK(!work->is_at(6));
}

TEST_CASE("RedisJob: of a limit's records exactly as many pass in all processes, and again the same ones") {
  tests::RedisServer server;
  OpenJob a(server);
  OpenJob b(a.shared_loop(), job_options(server));
  const auto pass = [](OpenJob& job, int stage, std::vector<Passing> records, std::uint64_t most) {
    return job.run(job->pass_first(stage, std::move(records), most, false));
  };
  CHECK(pass(a, 1, {{1, 1}, {2, 2}, {3, 3}}, 4) == std::vector<bool>{true, true, true});
  CHECK(pass(b, 1, {{4, 4}, {5, 5}, {2, 2}}, 4) == std::vector<bool>{true, false, true});
  CHECK(pass(a, 1, {{5, 5}, {4, 4}}, 4) == std::vector<bool>{false, true});
  CHECK(pass(b, 2, {{5, 5}}, 1) == std::vector<bool>{true});
  CHECK(!a->is_full());
}

TEST_CASE("RedisJob: once a limit is full, only records are wanted of which something has passed") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.run(a->pass_first(1, {{7, 1}, {8, 2}, {9, 3}}, 2, true)) == std::vector<bool>{true, true, false});
  pass_time(a, 200ms);
  CHECK(a->full_stage() == 1);
  CHECK(a.run(a->are_wanted({1, 2, 3})) == std::vector<bool>{true, true, false});
  CHECK(a.run(a->pass_first(4, {{7, 1}}, 1, true)) == std::vector<bool>{true});
  CHECK(a.run(a->pass_first(2, {{7, 1}}, 1, true)) == std::vector<bool>{true});
  pass_time(a, 200ms);
  CHECK(a->full_stage() == 4);
}

TEST_CASE("RedisJob: scripts that Redis has forgotten are told again") {
  tests::RedisServer server;
  OpenJob a(server);
  server.ask({"SCRIPT", "FLUSH"});
  CHECK(a.put(records(1, 1), 1, true));
  a.end(a.take_one());
  a.commit();
  CHECK(a.take_one() == nullptr);
}

TEST_CASE("RedisJob: a job that was removed ends its processes with what to do") {
  tests::RedisServer server;
  OpenJob a(server);
  server.ask({"FLUSHALL"});
  pass_time(a, 300ms);
  CHECK(a->failed().is_set());
  REQUIRE(a->failure());
  CHECK(a->failure()->message.find("start the job anew") != std::string::npos);
}

TEST_CASE("RedisJob: a source whose position Redis has lost is not read on") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 4), 4, false));
  server.ask({"HSET", "leat:{j}:job", "position", "2"});
  SourcePosition at;
  at.records = 6;
  const auto put = a.loop().run(a->put(records(5, 2), at, false));
  REQUIRE(!put.ok());
  CHECK(put.error().message.find("read up to record 4, and Redis knows of 2; start this command again") !=
        std::string::npos);
}

TEST_CASE("RedisJob: a job of other work, another format or another program is refused with what to do") {
  tests::RedisServer server;
  async::EventLoop loop;
  const auto refusal = [&](const JobOptions& options) {
    const auto joined = loop.run(Job::join(loop, options));
    REQUIRE(!joined.ok());
    return joined.error().message;
  };
  { OpenJob made(server); }
  auto other = job_options(server);
  other.config[0].second = "lines \"urls.txt\" | fetch n=9 | write json";
  CHECK(refusal(other).find(
            "it does other work: spec was \"n=8 | write json\", now it is \"n=9 | write json\"") !=
        std::string::npos);
  server.ask({"HSET", "leat:{j}:job", "format", "9"});
  CHECK(refusal(job_options(server)).find("format 9, this one knows 2") != std::string::npos);
  server.ask({"SET", "leat:{j}:job", "x"});
  CHECK(refusal(job_options(server)).find("its key is another program's, a string; name another job") !=
        std::string::npos);
}

TEST_CASE("RedisJob: two jobs on one server have nothing in common") {
  tests::RedisServer server;
  OpenJob a(server);
  auto options = job_options(server);
  options.url.name = "k";
  OpenJob b(a.shared_loop(), options);
  CHECK(b->is_new());
  CHECK(a.put(records(1, 2), 2, true));
  CHECK(b.put({}, 0, true));
  CHECK(b.take_one() == nullptr);
  CHECK(a.take_one() != nullptr);
}

TEST_CASE("RedisJob: a process that is stopped while Redis is silent does not wait for it") {
  tests::RedisServer server;
  OpenJob a(server);
  server.pause();
  const auto begun = std::chrono::steady_clock::now();
  a->stop();
  a.leave();
  const auto took = std::chrono::steady_clock::now() - begun;
  server.go_on();
  CHECK(took < 4s);
}
