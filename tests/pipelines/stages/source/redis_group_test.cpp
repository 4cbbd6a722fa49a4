#include "pipelines/stages/source/redis_group.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/task.hpp"
#include "tests/support/redis_server.hpp"

using namespace leat;
using namespace leat::async;
using namespace leat::pipelines;
using namespace std::chrono_literals;
using leat::tests::RedisServer;

namespace {

RedisGroupOptions options_of(const RedisServer& server, Duration claim = 1min) {
  RedisGroupOptions options;
  options.key = "k";
  options.at = server.url();
  options.group = "leat";
  options.claim = claim;
  options.away = 20s;
  return options;
}

void fill(const RedisServer& server, int count) {
  for (int i = 1; i <= count; ++i) server.ask({"XADD", "k", std::to_string(i) + "-0", "line", "x"});
}

std::string pending(const RedisServer& server) {
  const auto text = server.ask({"XPENDING", "k", "leat"});
  return text.substr(0, text.find('\n'));
}

Task<StreamEntries> next(RedisGroup& group, Duration wait = 0ms) {
  auto reading = group.next(wait);
  auto entries = co_await std::move(reading);
  if (!entries.ok()) FAIL(entries.error().message);
  co_return std::move(*entries);
}

Task<void> open(RedisGroup& group) {
  auto opening = group.open();
  if (auto error = co_await std::move(opening)) FAIL(error->message);
}

Task<void> close(RedisGroup& group) {
  auto closing = group.close(20s);
  if (auto error = co_await std::move(closing)) FAIL(error->message);
}

}  // namespace

TEST_CASE("RedisGroup: an entry is acknowledged when the last of its family has ended, and not before") {
  const RedisServer server;
  fill(server, 2);
  EventLoop loop;
  RedisGroup group(loop, options_of(server));
  const auto body = [](RedisGroup& g, const RedisServer& s) -> Task<void> {
    auto telling = spawn(g.keep_telling(), "tells");
    auto opening = open(g);
    co_await std::move(opening);
    auto reading = next(g);
    const auto entries = co_await std::move(reading);
    CHECK(entries.size() == 2);
    auto parent = g.take(entries[0]);
    auto child = parent;
    auto other = g.take(entries[1]);
    parent.reset();
    other.reset();
    while (pending(s) != "1") co_await sleep_for(1ms);
    CHECK(s.ask({"XPENDING", "k", "leat", "-", "+", "9"}).starts_with("1-0"));
    child.reset();
    auto closing = close(g);
    co_await std::move(closing);
    telling.cancel();
  };
  loop.run(body(group, server));
  CHECK(pending(server) == "0");
  CHECK(server.ask({"XINFO", "CONSUMERS", "k", "leat"}).empty());  // it has gone with its name
}

TEST_CASE("RedisGroup: what ended as cancelled is handed back, and the next one takes it at once") {
  const RedisServer server;
  fill(server, 3);
  EventLoop loop;
  const auto body = [](EventLoop& l, const RedisServer& s) -> Task<void> {
    RedisGroup first(l, options_of(s));
    auto opening = open(first);
    co_await std::move(opening);
    auto reading = next(first);
    const auto entries = co_await std::move(reading);
    first.take(entries[0])->note(pipelines::Outcome::ok);
    first.take(entries[1])->note(pipelines::Outcome::cancelled);
    auto closing = close(first);
    co_await std::move(closing);
    CHECK(pending(s) == "2");
    RedisGroup second(l, options_of(s));
    auto opening_second = open(second);
    co_await std::move(opening_second);
    auto reading_again = next(second);
    const auto again = co_await std::move(reading_again);
    REQUIRE(again.size() == 2);
    CHECK(again[0].id == "2-0");
    CHECK(again[1].id == "3-0");
  };
  loop.run(body(loop, server));
}

TEST_CASE("RedisGroup: what is in work is nobody else's, however long it takes; what a dead one had is") {
  const RedisServer server;
  fill(server, 4);
  REQUIRE(server.ask({"XGROUP", "CREATE", "k", "leat", "0"}) == "OK");
  CHECK(server.ask({"XREADGROUP", "GROUP", "leat", "dead", "COUNT", "2", "STREAMS", "k", ">"}).find("2-0") !=
        std::string::npos);
  EventLoop loop;
  const auto body = [](EventLoop& l, const RedisServer& s) -> Task<void> {
    RedisGroup living(l, options_of(s, 300ms));
    auto telling = spawn(living.keep_telling(), "tells");
    auto opening = open(living);
    co_await std::move(opening);
    auto reading = next(living);
    auto entries = co_await std::move(reading);
    CHECK(entries[0].id == "3-0");
    std::vector<FamilyRef> in_work;
    for (const auto& entry : entries) in_work.push_back(living.take(entry));
    // Until the dead one's entries are old enough; all others stay where they are for as long.
    RedisGroup other(l, options_of(s, 300ms));
    auto opening_other = open(other);
    co_await std::move(opening_other);
    StreamEntries claimed;
    for (const TimePoint end = l.now() + 1s; l.now() < end;) {
      auto reading_other = next(other);
      const auto more = co_await std::move(reading_other);
      for (const auto& entry : more) {
        claimed.push_back(entry);
        in_work.push_back(other.take(entry));
      }
      // It tells nobody what it has in work, so that it would take its own again, but for knowing them.
      co_await sleep_for(20ms);
    }
    REQUIRE(claimed.size() == 2);
    CHECK(claimed[0].id == "1-0");
    CHECK(claimed[1].id == "2-0");
    in_work.clear();
    auto closing = close(living);
    co_await std::move(closing);
    auto closing_other = close(other);
    co_await std::move(closing_other);
    telling.cancel();
  };
  loop.run(body(loop, server));
  CHECK(pending(server) == "0");
}

TEST_CASE("RedisGroup: what was delivered over a connection that broke is given again") {
  RedisServer server;
  fill(server, 20);
  EventLoop loop;
  const auto body = [](EventLoop& l, RedisServer& s) -> Task<void> {
    RedisGroup group(l, options_of(s));
    auto opening = open(group);
    co_await std::move(opening);
    auto reading = next(group);
    const auto entries = co_await std::move(reading);
    CHECK(entries.size() == 16);
    const auto kept = group.take(entries[0]);
    s.kill();
    s.start();
    // The other 15 are as good as never received.
    std::vector<std::string> ids;
    for (int i = 0; i < 3; ++i) {
      auto reading_again = next(group);
      const auto more = co_await std::move(reading_again);
      for (const auto& entry : more) {
        ids.push_back(entry.id);
        group.done(entry);
      }
    }
    std::vector<std::string> wanted;
    for (int i = 2; i <= 20; ++i) wanted.push_back(std::to_string(i) + "-0");
    std::sort(ids.begin(), ids.end());
    std::sort(wanted.begin(), wanted.end());
    CHECK(ids == wanted);
  };
  loop.run(body(loop, server));
}

TEST_CASE("RedisGroup: a key that is no stream is refused by its name") {
  const RedisServer server;
  server.ask({"LPUSH", "k", "x"});
  EventLoop loop;
  RedisGroup group(loop, options_of(server));
  const auto error = loop.run(group.open());
  REQUIRE(error.has_value());
  CHECK(error->code == Errc::bad_input);
  CHECK(error->message.find("\"k\"") != std::string::npos);
  CHECK(error->message.find("holds a list, and no stream") != std::string::npos);
}

TEST_CASE("RedisGroup: a database that is emptied in the middle leaves a group that goes on") {
  const RedisServer server;
  fill(server, 1);
  EventLoop loop;
  const auto body = [](EventLoop& l, const RedisServer& s) -> Task<void> {
    RedisGroup group(l, options_of(s));
    auto opening = open(group);
    co_await std::move(opening);
    CHECK(s.ask({"FLUSHALL"}) == "OK");
    auto reading = next(group);
    CHECK((co_await std::move(reading)).empty());
    CHECK(group.was_lost());
    fill(s, 1);
    auto reading_again = next(group);
    const auto entries = co_await std::move(reading_again);
    CHECK(entries.size() == 1);
    group.done(entries[0]);
    auto closing = close(group);
    co_await std::move(closing);
  };
  loop.run(body(loop, server));
}
