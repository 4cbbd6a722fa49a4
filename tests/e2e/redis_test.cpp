#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <string>
#include <vector>

#include "tests/support/eventually.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"

using namespace leat::tests;

namespace {

OriginProcess& origin() {
  static OriginProcess process;
  return process;
}

std::vector<std::string> entries(const RedisServer& server) {
  std::vector<std::string> lines;
  const auto words = lines_of(server.ask({"XRANGE", "out", "-", "+"}));
  for (std::size_t i = 2; i < words.size(); i += 3) lines.push_back(words[i]);
  return lines;
}

// How many entries of "in" the group has delivered, and how many of these are not acknowledged.
std::size_t read_of(const RedisServer& server) {
  const auto words = lines_of(server.ask({"XINFO", "GROUPS", "in"}));
  const auto name = std::find(words.begin(), words.end(), "entries-read");
  REQUIRE(name != words.end());
  return std::stoul(*(name + 1));
}
std::size_t pending_of(const RedisServer& server) {
  return std::stoul(server.ask({"XPENDING", "in", "leat"}));
}

}  // namespace

TEST_CASE("redis: an end loses no line when its server is killed and comes back in the middle") {
  RedisServer server;
  Process leat({LEAT_BINARY, "run", "-q", "lines | redis \"out\" \"{url}\" at=\"" + server.url() + "\""});
  std::set<std::string> wanted;
  const auto write = [&](int from, int to) {
    std::string text;
    for (int i = from; i < to; ++i) {
      const auto url = "http://a.org/" + std::to_string(i);
      wanted.insert(url);
      text += url + "\n";
    }
    leat.write(text);
  };
  write(0, 500);
  REQUIRE(eventually([&] { return !server.ask({"XLEN", "out"}).starts_with("0"); }));
  server.kill();
  write(500, 1000);
  server.start();
  leat.close_input();
  const auto done = leat.wait();
  CHECK(done.status == 0);
  CHECK(done.err.empty());
  const auto lines = entries(server);
  CHECK(std::set<std::string>(lines.begin(), lines.end()) == wanted);
}

TEST_CASE("redis: an end whose server stays away ends with status 3 and says what was not written") {
  RedisServer server;
  Process leat(
      {LEAT_BINARY, "run", "-q", "lines | redis \"out\" \"{url}\" away=300ms at=\"" + server.url() + "\""});
  leat.write("http://a.org/1\n");
  REQUIRE(eventually([&] { return server.ask({"XLEN", "out"}) == "1"; }));
  server.kill();
  leat.write("http://a.org/2\n");
  const auto done = leat.wait();
  CHECK(done.status == 3);
  CHECK(done.err.find("the lines of 1 record were not written to the stream \"out\": of record 2") !=
        std::string::npos);
}

TEST_CASE("redis: no other worker takes what one has read and has not begun yet, however long that takes") {
  const RedisServer server;
  // More than what finds room between two stages, so that the source waits in the middle of what it has read.
  for (int i = 0; i < 80; ++i) server.ask({"XADD", "in", "*", "line", "http://a.org/" + std::to_string(i)});
  const auto spec = [&](const std::string& more, const std::string& rest) {
    return "redis \"in\" claim=1s " + more + " at=\"" + server.url() + "\" | " + rest;
  };
  Process first({LEAT_BINARY, "run", "-q", "--grace", "0", spec("", "exec sleep 0.3 n=1 | null")});
  REQUIRE(eventually([&] {
    const auto pending = server.ask({"XPENDING", "in", "leat"});
    return pending.starts_with("80") || pending.starts_with("79") || pending.starts_with("78");
  }));
  const auto second = run_process({LEAT_BINARY, "run", "-q", spec("idle=2500ms", "write \"{url}\"")});
  CHECK(second.status == 0);
  CHECK(second.out.empty());
  first.signal(SIGINT);
  CHECK(first.wait().status == 130);
}

TEST_CASE("redis: what a worker that was killed had in work is done by the next one, and nothing is lost") {
  const RedisServer server;
  std::set<std::string> wanted;
  for (int i = 0; i < 60; ++i) {
    const auto url = origin().url("/delay/20/" + std::to_string(i));
    wanted.insert(url);
    server.ask({"XADD", "in", "*", "line", url});
  }
  const std::string spec = "redis \"in\" claim=500ms idle=2s at=\"" + server.url() +
                           "\" | fetch n=2 | redis \"out\" \"{url}\" at=\"" + server.url() + "\"";
  {
    Process first({LEAT_BINARY, "run", "-q", spec});
    REQUIRE(eventually([&] { return server.ask({"XLEN", "out"}) > "0"; }));
    first.signal(SIGKILL);
    first.wait();
  }
  const auto between = entries(server).size();
  CHECK(between < 60);
  const auto unacknowledged = 60 - (read_of(server) - pending_of(server));
  Process second({LEAT_BINARY, "run", "-q", spec});
  Process third({LEAT_BINARY, "run", "-q", spec});
  CHECK(second.wait().status == 0);
  CHECK(third.wait().status == 0);
  const auto lines = entries(server);
  CHECK(std::set<std::string>(lines.begin(), lines.end()) == wanted);
  // Only what was not acknowledged at the kill is done again.
  CHECK(lines.size() <= between + unacknowledged);
  CHECK(server.ask({"XPENDING", "in", "leat"}).starts_with("0"));
}

TEST_CASE("redis: a worker that is told to end acknowledges what it has printed and hands back the rest") {
  const RedisServer server;
  for (int i = 0; i < 100; ++i)
    server.ask({"XADD", "in", "*", "line", origin().url("/delay/50/" + std::to_string(i))});
  const std::string spec =
      "redis \"in\" at=\"" + server.url() + "\" | fetch n=4 | write json fields=url,outcome";
  Process first({LEAT_BINARY, "run", "-q", spec});
  std::vector<std::string> lines;
  for (int i = 0; i < 3; ++i) lines.push_back(first.read_line().value_or("none"));
  first.signal(SIGINT);
  const auto ended = first.wait();
  CHECK(ended.status == 130);
  for (const auto& line : lines_of(ended.out)) {
    if (line.find("\"cancelled\"") == std::string::npos) lines.push_back(line);
  }
  const auto second = run_leat({"run", "-q", spec});
  CHECK(second.status == 0);
  for (const auto& line : lines_of(second.out)) lines.push_back(line);
  std::sort(lines.begin(), lines.end());
  CHECK(std::unique(lines.begin(), lines.end()) == lines.end());
  CHECK(lines.size() == 100);
}

TEST_CASE("redis: a source whose server restarts in the middle goes on, and loses nothing") {
  RedisServer server;
  std::set<std::string> wanted;
  for (int i = 0; i < 100; ++i) {
    const auto url = origin().url("/delay/10/" + std::to_string(i));
    wanted.insert(url);
    server.ask({"XADD", "in", "*", "line", url});
  }
  Process leat(
      {LEAT_BINARY, "run", "-q", "redis \"in\" at=\"" + server.url() + "\" | fetch n=2 | write \"{url}\""});
  std::set<std::string> got;
  for (int i = 0; i < 10; ++i) got.insert(leat.read_line().value_or("none"));
  server.kill();
  server.start();
  const auto done = leat.wait();
  CHECK(done.status == 0);
  for (const auto& line : lines_of(done.out)) got.insert(line);
  CHECK(got == wanted);
  CHECK(server.ask({"XPENDING", "in", "leat"}).starts_with("0"));
}

TEST_CASE("redis: a server that is wrong ends a run with status 3, by its name and without its password") {
  const RedisServer server({"--requirepass", "right"});
  const auto refused = run_leat({"run", "-q", "redis \"in\" at=\"" + server.url() + "\" | null"});
  CHECK(refused.status == 3);
  CHECK(refused.err.find("NOAUTH") != std::string::npos);
  const auto nobody =
      run_leat({"run", "-q", "redis \"in\" away=50ms at=\"redis://me:hidden@127.0.0.1:1/0\" | null"});
  CHECK(nobody.status == 3);
  CHECK(nobody.err.find("redis://127.0.0.1:1/0") != std::string::npos);
  CHECK(nobody.err.find("hidden") == std::string::npos);
}
