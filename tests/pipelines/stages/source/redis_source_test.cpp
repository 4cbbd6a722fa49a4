#include "pipelines/stages/source/redis_source.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/redis_server.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::RedisServer;

namespace {

std::string source(const RedisServer& server, const std::string& more = "") {
  return "redis \"k\" at=\"" + server.url() + "\" " + more;
}

std::string pending(const RedisServer& server) {
  const auto text = server.ask({"XPENDING", "k", "leat"});
  return text.substr(0, text.find('\n'));
}

void fill(const RedisServer& server, int count) {
  for (int i = 1; i <= count; ++i)
    server.ask({"XADD", "k", "*", "line", "http://a.org/" + std::to_string(i)});
}

std::string faults_of(const std::string& spec) {
  const auto loaded = load_spec(spec, stage_signatures(), SpecOptions());
  return loaded.ok() ? "" : render(loaded.faults);
}

}  // namespace

TEST_CASE("RedisSource: a field line is read as a line of a list is, and other entries are items") {
  const RedisServer server;
  server.ask({"XADD", "k", "*", "line", "http://a.org/1"});
  server.ask({"XADD", "k", "*", "line", R"({"url":"http://a.org/2","method":"PUT","meta":{"k":1}})"});
  server.ask({"XADD", "k", "*", "url", "http://a.org/3", "name", "three", "method", "x"});
  server.ask({"XADD", "k", "*", "line", "# a comment"});
  server.ask({"XADD", "k", "*", "line", "gopher://a.org/"});
  const Ran ran = run_spec(source(server) + "| write json fields=id,url,method,meta,outcome,line");
  CHECK_FALSE(ran.status.has_value());
  REQUIRE(ran.lines.size() == 4);
  CHECK(ran.of_id(1).text("url") == "http://a.org/1");
  CHECK(ran.of_id(2).text("method") == "PUT");
  CHECK(ran.of_id(2)["meta"]["k"].GetInt() == 1);
  CHECK(ran.of_id(3).text("url") == "http://a.org/3");
  CHECK(ran.of_id(3).text("method") == "GET");
  CHECK(std::string(ran.of_id(3)["meta"]["name"].GetString()) == "three");
  CHECK(std::string(ran.of_id(3)["meta"]["method"].GetString()) == "x");
  CHECK(ran.of_id(4).text("outcome") == "failed");
  CHECK(pending(server) == "0");
}

TEST_CASE("RedisSource: it ends when nothing is left, and a second run gets only what is new") {
  const RedisServer server;
  fill(server, 40);
  CHECK(run_spec(source(server) + "| write json fields=url").lines.size() == 40);
  CHECK(pending(server) == "0");
  CHECK(run_spec(source(server) + "| write json fields=url").lines.empty());
  fill(server, 2);
  CHECK(run_spec(source(server) + "| write json fields=url").lines.size() == 2);
  CHECK(run_spec(source(server, "group=\"other\"") + "| write json fields=url").lines.size() == 42);
}

TEST_CASE("RedisSource: what nobody wanted any more is the next run's, and nothing is lost or done twice") {
  const RedisServer server;
  fill(server, 200);
  const Ran first = run_spec(source(server) + "| limit 5 | write json fields=url");
  CHECK(first.lines.size() == 5);
  const Ran second = run_spec(source(server) + "| write json fields=url");
  CHECK(second.lines.size() == 195);
  CHECK(pending(server) == "0");
}

TEST_CASE("RedisSource: records that are dropped or fail are done, and children hold their parent's entry") {
  const RedisServer server;
  fill(server, 30);
  const Ran ran =
      run_spec(source(server) + "| where (.id > 10) | each (\"http://b.org/1\", \"http://b.org/2\") | null");
  CHECK_FALSE(ran.status.has_value());
  CHECK(pending(server) == "0");
}

TEST_CASE("RedisSource: with idle= it waits for entries that come later") {
  const RedisServer server;
  tests::Process leat({LEAT_BINARY, "run", "-q", source(server, "idle=never") + "| write json fields=url"});
  server.ask({"XADD", "k", "*", "line", "http://a.org/1"});
  CHECK(leat.read_line() == R"({"url":"http://a.org/1"})");
  server.ask({"XADD", "k", "*", "line", "http://a.org/2"});
  CHECK(leat.read_line() == R"({"url":"http://a.org/2"})");
  CHECK(tests::eventually([&] { return pending(server) == "0"; }));
  leat.signal(SIGTERM);
  CHECK(leat.wait().status == 143);
}

TEST_CASE(
    "RedisSource: what is wrong with its arguments is said where it stands, and no plan shows a password") {
  CHECK(faults_of("redis | null").find("\"redis\" needs text") != std::string::npos);
  CHECK(faults_of("redis \"k\" at=\"http://x\" | null").find("redis://[user:pass@]host[:port]/DB") !=
        std::string::npos);
  CHECK(faults_of("redis \"k\" idle=always | null").find("never") != std::string::npos);
  CHECK(faults_of("redis \"\" | null").find("not empty") != std::string::npos);
  CHECK(faults_of("redis \"k\" n=3 | null").find("n= of fetch") != std::string::npos);
  const auto check = tests::run_leat({"check", "redis \"k\" at=\"redis://u:hidden@h/1\" | null"});
  CHECK(check.status == 0);
  CHECK(check.out.find("hidden") == std::string::npos);
  CHECK(check.out.find("at=\"redis://h/1\"") != std::string::npos);
}

TEST_CASE("RedisSource: with --state the journal and the stream are both told what is done") {
  const RedisServer server;
  const tests::TempDir dir;
  fill(server, 3);
  const auto run =
      tests::run_leat({"run", "-q", "--state", dir / "journal", source(server) + "| write json fields=url"});
  CHECK(run.status == 0);
  CHECK(tests::lines_of(run.out).size() == 3);
  CHECK(pending(server) == "0");
}
