// What becomes of a job when what lies between its processes and Redis breaks: see also job_faults_test.cpp.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/free_port.hpp"
#include "tests/support/relay.hpp"

using namespace leat::tests;

namespace {

std::unique_ptr<Process> start_with(const std::string& state, const std::string& spec,
                                    const std::vector<std::string>& before = {}) {
  std::vector<std::string> argv = before;
  argv.insert(argv.end(), {LEAT_BINARY, "run", "--state", state, spec});
  return std::make_unique<Process>(std::move(argv));
}

}  // namespace

TEST_CASE("job: a process that is cut off from Redis starts nothing that it has lost, and counts once") {
  const JobTeam team(100, "/delay/100/");
  const TempDir dir;
  Relay relay(dir / "relay.sock", team.redis.socket());
  const auto far = start_with("unix:" + (dir / "relay.sock") + "?job=list", team.spec("fetch n=2"));
  const auto near = team.start("fetch n=2");
  std::vector<std::string> firsts;
  for (auto* process : {far.get(), near.get()}) {
    const auto line = process->read_line();
    REQUIRE(line);
    firsts.push_back(*line);
  }
  relay.cut();
  Finished others = near->wait();
  CAPTURE(others.err);
  CHECK(others.status == 0);
  CHECK(team.ok() == "100");
  const auto requests = many_hosts().stats().requests;
  relay.mend();
  Finished cut_off = far->wait();
  CAPTURE(cut_off.err);
  CHECK(cut_off.status == 0);
  CHECK(many_hosts().stats().requests == requests);
  CHECK(team.ok() == "100");
  cut_off.out.insert(0, firsts[0] + "\n");
  others.out.insert(0, firsts[1] + "\n");
  CHECK(urls_of({cut_off, others}).size() == 100);
}

TEST_CASE(
    "job: a process whose calls to Redis take a second each works on beside another, and no record is done "
    "twice") {
  const JobTeam team(200, "/delay/250/");
  const TempDir dir;
  const Relay relay(dir / "relay.sock", team.redis.socket(), std::chrono::seconds(1));
  const auto near = team.start("fetch n=2");
  const auto first = near->read_line();
  REQUIRE(first);
  const auto far = std::make_unique<Process>(std::vector<std::string>{
      LEAT_BINARY, "work", "-j", "16", "unix:" + (dir / "relay.sock") + "?job=list"});
  std::vector<Finished> all;
  for (auto* process : {far.get(), near.get()}) all.push_back(process->wait(std::chrono::minutes(2)));
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
    CHECK(!one.out.empty());
  }
  all.back().out.insert(0, *first + "\n");
  const auto urls = urls_of(all);
  CHECK(urls.size() == 200);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.ok() == "200");
}

TEST_CASE("job: a Redis that has lost its last second has that done again, and counts all once") {
  JobTeam team(200, "/delay/20/", {"--appendfsync", "everysec"});
  const auto processes = team.start_all(2, "fetch n=2");
  lose_last_second(team, "outcome:0", 20, 80);
  const auto all = wait_for_all(processes);
  check_ended(all);
  CHECK(team.ok() == "200");
  const auto urls = urls_of(all);
  CHECK(urls.size() == 200);
  std::size_t lines = 0;
  for (const auto& one : urls) lines += static_cast<std::size_t>(one.second);
  CHECK(lines > 200);  // what ended in that second was printed twice
}

TEST_CASE(
    "job: a user or password that Redis does not know ends the run with what is wrong, and is not shown") {
  const std::string port = free_port();
  const JobTeam team(3, "/ok/", {"--requirepass", "right", "--port", port});
  const std::string place = "@127.0.0.1:" + port + "/0/list";
  const Finished wrong = start_with("redis://:sesame" + place, team.spec("fetch"))->wait();
  CAPTURE(wrong.err);
  CHECK(wrong.status == 3);
  CHECK(wrong.err.find("the user or the password of its URL is wrong") != std::string::npos);
  CHECK(wrong.err.find("sesame") == std::string::npos);
  CHECK(start_with("redis://:right" + place, team.spec("fetch"))->wait().status == 0);
  CHECK(team.ok() == "3");
}

TEST_CASE("job: two jobs on one Redis do all of their lists each") {
  const JobTeam team(60, "/delay/20/");
  std::vector<std::unique_ptr<Process>> processes;
  for (const char* job : {"?job=list", "?job=other", "?job=list", "?job=other"})
    processes.push_back(start_with(team.redis.url() + job, team.spec("fetch n=4")));
  const auto all = wait_for_all(processes);
  for (const auto& one : all) CHECK(one.status == 0);
  for (const auto& job : {std::vector{all[0], all[2]}, std::vector{all[1], all[3]}}) {
    const auto urls = urls_of(job);
    CHECK(urls.size() == 60);
    for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  }
  CHECK(team.ok() == "60");
  CHECK(team.redis.ask({"HGET", "leat:{other}:sums", "outcome:0"}) == "60");
}

TEST_CASE("job: a process whose clock is an hour off, or jumps by one, does its part like the others") {
  const JobTeam team(120, "/delay/20/");
  std::vector<std::unique_ptr<Process>> processes;
  for (const char* back : {"3600", "-3600", "0"}) {
    processes.push_back(start_with(
        team.state(), team.spec("fetch n=2"),
        {"/usr/bin/env", "LD_PRELOAD=" LEAT_FAULTY_SYSTEM, std::string("LEAT_TEST_CLOCK_BACK=") + back}));
  }
  const auto all = wait_for_all(processes);
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
    CHECK(!one.out.empty());
  }
  const auto urls = urls_of(all);
  CHECK(urls.size() == 120);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.ok() == "120");
}

TEST_CASE(
    "tests/bench/cluster: its help says what it measures, and a row that is not there names those that are") {
  const std::string script = LEAT_SOURCE_DIR "/tests/bench/cluster";
  const Finished help = run_process({script, "--help"});
  CHECK(help.status == 0);
  CHECK(help.out.find("Measures what several processes do together") != std::string::npos);
  const Finished unknown = run_process({script, "exact", "nothing"});
  CHECK(unknown.status == 2);
  CHECK(unknown.out.empty());
  CHECK(unknown.err ==
        "tests/bench/cluster: there is no row nothing; there are killed, exact, crawl, ends, rates, "
        "one-host, cost, memory\n");
}
