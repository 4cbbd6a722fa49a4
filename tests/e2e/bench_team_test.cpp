#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/eventually.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/redis_server.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

using Words = std::vector<std::string>;

Words bench(const RedisServer& server, const Words& more) {
  Words words{LEAT_BINARY, "bench", "--team", server.url() + "?team=night", "--progress", "off"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// Runs so many members of one team, and gives how they ended: the one that printed the report first.
std::vector<Finished> run_team(const RedisServer& server, std::size_t size, const Words& more) {
  Words words = bench(server, more);
  words.insert(words.end(), {"--size", std::to_string(size), "--format", "json"});
  std::vector<std::unique_ptr<Process>> members;
  for (std::size_t i = 0; i < size; ++i) members.push_back(std::make_unique<Process>(words));
  std::vector<Finished> ended;
  for (auto& member : members) {
    auto finished = member->wait(60s);
    const bool is_report = finished.out.starts_with("{");
    ended.insert(is_report ? ended.begin() : ended.end(), std::move(finished));
  }
  return ended;
}

int ok_of_members(const JsonLine& report) {
  int sum = 0;
  for (const auto& member : report["members"].GetArray()) sum += member["ok"].GetInt();
  return sum;
}

}  // namespace

TEST_CASE("bench --team: members share requests and slots exactly, and one of them reports for all") {
  const RedisServer server;
  const OriginProcess origin;
  const auto ended = run_team(server, 3, {"-n", "301", "-c", "7", origin.url("/delay/5/x")});
  for (const auto& one : ended) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
  }
  const auto report = only_line(ended[0]);
  CHECK(report["totals"]["ok"].GetInt() == 301);
  CHECK(report["latency"]["response"]["count"].GetInt() == 301);
  CHECK(report["by_status"]["200"].GetInt() == 301);
  CHECK(origin.requests_of("/delay/5/x") == 301);
  CHECK(origin.stats().peak <= 7);
  REQUIRE(report["members"].Size() == 3);
  int sum = 0;
  for (const auto& member : report["members"].GetArray()) {
    CHECK_FALSE(member["died"].GetBool());
    CHECK(member["ok"].GetInt() >= 86);  // two or three of the slots
    CHECK(std::string(member["clock"].GetString()).find("±") != std::string::npos);
    sum += member["ok"].GetInt();
  }
  CHECK(sum == 301);
  CHECK(ended[1].out.find("of 3 of the team \"night\"") != std::string::npos);
  CHECK(ended[2].out.find("prints the report") != std::string::npos);
  CHECK(server.ask({"EXISTS", "leat:{night}:team", "leat:{night}:members"}) == "0");
}

TEST_CASE("bench --team: a rate is shared to the request, and begins at one instant") {
  const RedisServer server;
  const OriginProcess origin;
  const auto ended = run_team(server, 2, {"-R", "101/s", "-z", "2s", "-c", "20", origin.url("/ok/rate")});
  CHECK(ended[0].status == 0);
  const auto report = only_line(ended[0]);
  CHECK(report["totals"]["scheduled"].GetInt() == 202);
  CHECK(origin.requests_of("/ok/rate") == 202);
  CHECK(report["series"].Size() == 2);
  CHECK(report["series"][0]["sent"].GetInt() + report["series"][1]["sent"].GetInt() == 202);
}

TEST_CASE("bench --team: --vs and a check are about what all members have measured") {
  const RedisServer server;
  const OriginProcess origin;
  const auto ended = run_team(
      server, 2,
      {"-n", "400", "-c", "4", "--check", "p50<1ns", origin.url("/ok/a"), "--vs", origin.url("/ok/b")});
  for (const auto& one : ended) {
    CAPTURE(one.err);
    CHECK(one.status == 4);
  }
  const auto report = only_line(ended[0]);
  CHECK(report["totals"]["ok"].GetInt() == 400);
  CHECK(report["vs"]["totals"]["ok"].GetInt() == 400);
  CHECK(report["comparison"]["groups"].GetInt() > 1);
  REQUIRE(report["members"].Size() == 2);
  CHECK(ok_of_members(report) == 800);
}

TEST_CASE("bench --team: the rows of a search for a rate are of the trial that is reported") {
  const RedisServer server;
  const OriginProcess origin;
  // Four slots and 20 ms make 200 a second at most: rates above it have no such median.
  const auto ended = run_team(server, 2,
                              {"--find-rate", "p50<80ms", "-R", "50/s", "-z", "400ms", "-c", "4", "--drain",
                               "5s", origin.url("/delay/20/x")});
  for (const auto& one : ended) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
  }
  const auto report = only_line(ended[0]);
  REQUIRE(report["find_rate"]["held"].IsNumber());
  REQUIRE(report["find_rate"]["failed"].IsNumber());
  CHECK(report["find_rate"]["trials"].GetInt() > 2);
  REQUIRE(report["members"].Size() == 2);
  CHECK(ok_of_members(report) == report["totals"]["ok"].GetInt());
}

TEST_CASE("bench --team: who waits in vain is told who is missing") {
  const RedisServer server;
  const auto alone =
      run_process(bench(server, {"--size", "3", "--team-wait", "300ms", "-n", "9", "http://127.0.0.1:1/"}));
  CHECK(alone.status == 3);
  CHECK(alone.err.find("1 of 3 members of the team \"night\" have come within 300ms") != std::string::npos);
  CHECK(alone.err.find("2 are missing") != std::string::npos);
  CHECK(server.ask({"EXISTS", "leat:{night}:team"}) == "0");
}

TEST_CASE("bench --team: another plan or size is refused with what differs") {
  const RedisServer server;
  Process first(bench(server, {"--size", "2", "-c", "4", "-n", "90", "http://127.0.0.1:1/"}));
  REQUIRE(eventually([&] { return server.ask({"LLEN", "leat:{night}:members"}) == "1"; }));
  const auto other =
      run_process(bench(server, {"--size", "2", "-c", "5", "-n", "90", "http://127.0.0.1:1/"}));
  CHECK(other.status == 3);
  CHECK(other.err.find("\"concurrency 4\" there, \"concurrency 5\" here") != std::string::npos);
  const auto asking = run_process(bench(
      server, {"--size", "2", "-c", "4", "-n", "90", "--vs", "http://127.0.0.1:1/b", "http://127.0.0.1:1/"}));
  CAPTURE(asking.err);
  CHECK(asking.err.find("there, \"vs GET http://127.0.0.1:1/b") != std::string::npos);
  const auto checking = run_process(
      bench(server, {"--size", "2", "-c", "4", "-n", "90", "--check", "p50<1s", "http://127.0.0.1:1/"}));
  CHECK(checking.err.find("\"check p50<1s\" here") != std::string::npos);
  const auto larger =
      run_process(bench(server, {"--size", "3", "-c", "4", "-n", "90", "http://127.0.0.1:1/"}));
  CHECK(larger.err.find("--size 2 there, 3 here") != std::string::npos);
  first.signal(SIGINT);
  CHECK(first.wait().status == 130);
}

TEST_CASE(
    "bench --team: a member that dies is said, its part is in no figure, and another prints the report") {
  for (const unsigned dead : {0U, 1U}) {
    CAPTURE(dead);
    const RedisServer server;
    const OriginProcess origin;
    const Words words =
        bench(server, {"--size", "2", "-c", "2", "-z", "1s", "--format", "json", origin.url("/delay/5/x")});
    Process first(words);
    REQUIRE(eventually([&] { return server.ask({"LLEN", "leat:{night}:members"}) == "1"; }));
    Process second(words);
    REQUIRE(eventually([&] { return origin.requests_of("/delay/5/x") > 20; }));
    Process& killed = dead == 0 ? first : second;
    killed.signal(SIGKILL);
    killed.wait();
    const auto ended = (dead == 0 ? second : first).wait(60s);
    CHECK(ended.status == 1);
    const auto report = only_line(ended);
    REQUIRE(report["members"].Size() == 2);
    CHECK_FALSE(report["members"][1 - dead]["died"].GetBool());
    CHECK(report["members"][dead]["died"].GetBool());
    CHECK(report["members"][1 - dead]["ok"].GetInt() == report["totals"]["ok"].GetInt());
  }
}

TEST_CASE("bench --team: what makes no team is refused before anything is sent") {
  const auto refused = [](Words words) {
    words.insert(words.begin(), "bench");
    words.push_back("http://127.0.0.1:1/");
    const auto run = run_leat(words);
    CHECK(run.status == 2);
    return run.err;
  };
  CHECK(refused({"--size", "2"}).find("--size: given without --team") != std::string::npos);
  CHECK(refused({"--team", "redis://h/t"}).find("given without --size") != std::string::npos);
  CHECK(refused({"--team", "redis://u:hidden@h", "--size", "2"}).find("names no team") != std::string::npos);
  CHECK(refused({"--team", "redis://u:hidden@h", "--size", "2"}).find("hidden") == std::string::npos);
  CHECK(refused({"--team", "redis://h/t", "--size", "3", "-c", "2"}).find("can't share 2 connections") !=
        std::string::npos);
  CHECK(refused({"--team", "redis://h/t", "--size", "2", "--abort-on", "error_rate>5%"}).find("--abort-on") !=
        std::string::npos);
}
