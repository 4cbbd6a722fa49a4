// What the stages of a job's processes give to themselves.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "pipelines/state/redis/redis_job.hpp"
#include "tests/pipelines/state/redis/job_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

FrontierItem page(std::uint64_t key, std::uint64_t id) {
  FrontierItem item(key, "page " + std::to_string(id));
  item.id = id;
  item.place = id;
  return item;
}

// Once something was added, all of it is lost, as if Redis had been restarted.
async::Task<std::size_t> lose_what_is_added(const tests::RedisServer& server) {
  while (server.ask({"HLEN", "leat:{j}:puts"}) == "0")
    co_await async::sleep_for(std::chrono::milliseconds(1));
  const std::string lose =
      "local lost = 0 for _, key in ipairs(redis.call('KEYS', 'leat:{j*')) do "
      "local is_queue = string.find(key, ':queue', 1, true) "
      "if is_queue then lost = lost + redis.call('XLEN', key) end "
      "if is_queue or string.find(key, ':first', 1, true) or string.find(key, ':puts', 1, true) then "
      "redis.call('DEL', key) end end return lost";
  co_return std::stoul(server.ask({"EVAL", lose, "0"}));
}

// Says how many of the items were lost.
async::Task<Result<std::size_t>> add_while_lost(Job& job, const tests::RedisServer& server,
                                                std::vector<FrontierItem> items) {
  auto losing = async::spawn(lose_what_is_added(server), "loss");
  auto adding = job.add(1, std::move(items));
  const auto added = co_await std::move(adding);
  if (!added.ok()) co_return added.error();
  co_return co_await losing;
}

}  // namespace

TEST_CASE("RedisJob: a page is queued once, whoever finds it, and the job lives until it has ended") {
  tests::RedisServer server;
  OpenJob a(server);
  OpenJob b(a.shared_loop(), job_options(server));
  CHECK(a.put(records(1, 1), 1, true));
  auto root = a.take_one();
  if (root == nullptr) root = b.take_one();
  REQUIRE(root != nullptr);
  CHECK(a.run(a->add(1, {page(7, 100)})) == 1);
  CHECK(a.run(a->add(1, {page(7, 100)})) == 0);
  CHECK(b.run(b->add(1, {page(7, 200), page(8, 300)})) == 1);
  a.end(std::move(root));
  a.commit();
  CHECK(!a->is_over());
  b.leave();
  std::vector<std::string> texts;
  for (int i = 0; i < 2; ++i) {
    auto work = a.take_one();
    REQUIRE(work != nullptr);
    texts.push_back(work->text());
    a.end(std::move(work));
    a.commit();
  }
  std::sort(texts.begin(), texts.end());
  CHECK(texts == std::vector<std::string>{"page 100", "page 300"});
  CHECK(a.take_one() == nullptr);
  CHECK(a->is_over());
  CHECK(server.ask({"HGET", "leat:{j}:sums", "created"}) == "3");
  CHECK(server.ask({"HGET", "leat:{j}:sums", "done"}) == "3");
}

TEST_CASE(
    "RedisJob: the page that a stage's key belongs to is the same for those that ask and those that add") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.run(a->keep_first(1, {{7, 5}})) == std::vector<std::uint64_t>{5});
  CHECK(a.run(a->add(1, {page(7, 100), page(8, 200)})) == 1);
  CHECK(a.run(a->keep_first(1, {{7, 100}, {8, 5}, {8, 200}})) == std::vector<std::uint64_t>{5, 200, 200});
}

TEST_CASE("RedisJob: a job that is over takes no more pages, so that it stays over") {
  tests::RedisServer server;
  OpenJob a(server);
  CHECK(a.put(records(1, 1), 1, true));
  a.end(a.take_one());
  a.commit();
  CHECK(a.run(a->add(1, {page(7, 100)})) == 0);
  CHECK(a.take_one() == nullptr);
  CHECK(server.ask({"HGET", "leat:{j}:sums", "created"}) == "1");
}

TEST_CASE("RedisJob: pages are added in any number, each of them in the partition of its place") {
  tests::RedisServer server;
  OpenJob a(server);
  std::vector<FrontierItem> pages;
  for (std::uint64_t id = 1; id <= 1024; ++id) pages.push_back(page(id, id));
  CHECK(a.run(a->add(1, std::move(pages))) == 1024);
  CHECK(server.ask({"XLEN", "leat:{j.7}:queue"}) == "16");
}

TEST_CASE("RedisJob: pages that Redis loses while others are added with them are added again") {
  tests::RedisServer server;
  OpenJob a(server);
  std::vector<FrontierItem> pages;
  for (std::uint64_t id = 1; id <= 10'000; ++id) pages.push_back(page(id, id));
  const std::size_t lost = a.run(add_while_lost(*a, server, std::move(pages)));
  CHECK(lost > 0);
  CHECK(lost < 10'000);  // else it came too late
  int queued = 0;
  for (int p = 0; p < 64; ++p)
    queued += std::stoi(server.ask({"XLEN", "leat:{j." + std::to_string(p) + "}:queue"}));
  CHECK(queued == 10'000);
}
