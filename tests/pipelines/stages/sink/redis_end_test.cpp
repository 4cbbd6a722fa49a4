#include "pipelines/stages/sink/redis_end.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/redis_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::RedisServer;

namespace {

std::string end(const RedisServer& server, const std::string& more = "") {
  return " | redis \"k\" " + more + " at=\"" + server.url() + "\"";
}

// The values of the field `line`, in the stream's order.
std::vector<std::string> lines_in(const RedisServer& server) {
  std::vector<std::string> lines;
  const auto words = tests::lines_of(server.ask({"XRANGE", "k", "-", "+"}));
  for (std::size_t i = 0; i + 2 < words.size(); i += 3) {
    CHECK(words[i + 1] == "line");
    lines.push_back(words[i + 2]);
  }
  return lines;
}

std::string number_in(const std::string& text, const std::string& name) {
  const auto at = text.find(name + ":") + name.size() + 1;
  return text.substr(at, text.find_first_of("\r\n", at) - at);
}

}  // namespace

TEST_CASE("RedisEnd: each record is an entry with its line, in order, and what failed says so") {
  const RedisServer server;
  const Ran ran =
      run_spec("urls http://a.org/1 gopher://x/ http://a.org/3" + end(server, "json fields=id,outcome"));
  CHECK_FALSE(ran.status.has_value());
  CHECK(lines_in(server) == std::vector<std::string>{R"({"id":1,"outcome":"ok"})",
                                                     R"({"id":2,"outcome":"failed"})",
                                                     R"({"id":3,"outcome":"ok"})"});
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::failed) == 1);
}

TEST_CASE("RedisEnd: a template makes the line, and a record without its field fails and has no entry") {
  const RedisServer server;
  const Ran ran =
      run_spec("urls http://a.org/1 http://a.org/2 | set meta.k=(if .id == 1 then \"one\" else null end)" +
               end(server, "\"{id} {meta.k.x}\""));
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(server.ask({"EXISTS", "k"}) == "0");
  const Ran good = run_spec("urls http://a.org/1 http://a.org/2" + end(server, "\"<{url}>\""));
  CHECK(good.count(Outcome::ok) == 2);
  CHECK(lines_in(server) == std::vector<std::string>{"<http://a.org/1>", "<http://a.org/2>"});
}

TEST_CASE("RedisEnd: entries go in batches, far fewer calls than records") {
  const RedisServer server;
  const int before = std::stoi(number_in(server.ask({"INFO", "stats"}), "total_reads_processed"));
  const Ran ran = run_spec("expand \"http://a.org/[1-5000]\"" + end(server, "\"{url}\""));
  CHECK(ran.count(Outcome::ok) == 5000);
  const int after = std::stoi(number_in(server.ask({"INFO", "stats"}), "total_reads_processed"));
  CHECK(server.ask({"XLEN", "k"}) == "5000");
  CHECK(after - before <= 1000);
}

TEST_CASE("RedisEnd: the lines of one run are the entries of the next one's source") {
  const RedisServer server;
  run_spec("expand \"http://a.org/[1-100]\"" + end(server, "\"{url}\""));
  const Ran ran = run_spec("redis \"k\" at=\"" + server.url() + "\" | write json fields=url");
  REQUIRE(ran.lines.size() == 100);
  CHECK(ran.lines.back().text("url") == "http://a.org/100");
}

TEST_CASE("RedisEnd: a key that is no stream ends the run before anything is fetched") {
  const RedisServer server;
  server.ask({"SET", "k", "x"});
  const auto before = origin().requests_of("/ok/redis-end");
  const Ran ran = run_spec("expand \"$O/ok/redis-end?[1-50]\" | fetch" + end(server));
  REQUIRE(ran.status.has_value());
  CHECK(ran.status->message.find("\"k\"") != std::string::npos);
  CHECK(ran.status->message.find("holds a string, and no stream") != std::string::npos);
  CHECK(ran.count(Outcome::ok) == 0);
  CHECK(origin().requests_of("/ok/redis-end") - before <= 50);
}

TEST_CASE(
    "RedisEnd: without memory it waits as long as away= says, then ends the run and names what is missing") {
  const RedisServer server({"--maxmemory", "1", "--maxmemory-policy", "noeviction"});
  const Ran ran = run_spec("urls http://a.org/1 http://a.org/2" + end(server, "\"{url}\" away=200ms"));
  REQUIRE(ran.status.has_value());
  CHECK(ran.status->message.find("OOM") != std::string::npos);
  CHECK(ran.status->message.find("maxmemory") != std::string::npos);
  CHECK(ran.status->message.find(
            "the lines of 2 records were not written to the stream \"k\": of records 1, 2") !=
        std::string::npos);
  CHECK(ran.count(Outcome::ok) == 0);
  CHECK(ran.count(Outcome::cancelled) == 2);
}

TEST_CASE("RedisEnd: a replica that takes no writes ends the run at once") {
  const RedisServer server({"--replicaof", "127.0.0.1", "1"});
  const Ran ran = run_spec("urls http://a.org/1" + end(server, "away=10min"));
  REQUIRE(ran.status.has_value());
  CHECK(ran.status->message.find("READONLY") != std::string::npos);
  CHECK(ran.status->message.find("of record 1") != std::string::npos);
}

TEST_CASE("RedisEnd: a secret is hidden in its entries, as it is in every output") {
  const RedisServer server;
  const auto run = tests::run_process(
      {"env", "TOKEN=hidden", LEAT_BINARY, "run", "-q",
       "urls http://a.org/ | set meta.k=\"{secret:TOKEN}\"" + end(server, "\"{meta.k}\"")});
  CHECK(run.status == 0);
  CHECK(lines_in(server) == std::vector<std::string>{"***"});
}
