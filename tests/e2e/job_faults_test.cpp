#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace leat::tests;

TEST_CASE("job: Redis is killed and comes back in the middle, and nothing is lost") {
  JobTeam team(150, "/delay/50/");
  const auto processes = team.start_all(2, "fetch n=4");
  for (const auto& process : processes) REQUIRE(process->read_line());
  for (int i = 0; i < 3; ++i) {
    team.redis.kill();
    team.redis.start();
  }
  check_ended(wait_for_all(processes));
  CHECK(team.ok() == "150");
}

TEST_CASE("job: a Redis that forgets its scripts is told them again") {
  const JobTeam team(150, "/delay/20/");
  const auto processes = team.start_all(2, "fetch n=4");
  for (int i = 0; i < 3; ++i) {
    REQUIRE(processes[0]->read_line());
    team.redis.ask({"SCRIPT", "FLUSH"});
  }
  for (const auto& one : wait_for_all(processes)) CHECK(one.status == 0);
  CHECK(team.ok() == "150");
}

TEST_CASE("job: a Redis that stays away for longer than --state-timeout ends the run with 3") {
  JobTeam team(400, "/delay/50/");
  const auto process = team.start("fetch n=8", {"--state-timeout", "1s"});
  REQUIRE(process->read_line());
  team.redis.kill();
  const Finished ended = process->wait();
  CHECK(ended.status == 3);
  CHECK(ended.err.find("Redis") != std::string::npos);
  // What was acknowledged is not lost, and the rest is done by the next one.
  team.redis.start();
  CHECK(team.start("fetch n=8")->wait().status == 0);
  CHECK(team.ok() == "400");
}

TEST_CASE("job: Ctrl-C does not wait for a Redis that is silent") {
  const JobTeam team(400, "/delay/20/");
  const auto process = team.start("fetch n=2");
  REQUIRE(process->read_line());
  team.redis.pause();
  const auto begun = std::chrono::steady_clock::now();
  process->signal(SIGINT);
  const Finished ended = process->wait();
  const auto took = std::chrono::steady_clock::now() - begun;
  team.redis.go_on();
  CAPTURE(ended.err);
  CHECK(ended.status == 130);
  CHECK(took < std::chrono::seconds(5));
}

TEST_CASE("job: Ctrl-C ends a process that has not found its Redis yet") {
  const JobTeam team(4, "/ok/");
  team.redis.pause();
  const auto process = team.start("fetch n=2");
  const auto begun = std::chrono::steady_clock::now();
  // The signal is taken once the run has begun.
  REQUIRE(eventually([&] {
    process->signal(SIGWINCH);
    return std::chrono::steady_clock::now() - begun > std::chrono::milliseconds(500);
  }));
  process->signal(SIGINT);
  const Finished ended = process->wait();
  team.redis.go_on();
  CAPTURE(ended.err);
  CHECK(ended.status == 130);
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(5));
}

TEST_CASE("job: a Redis without memory refuses records, and the run ends with what to do") {
  const JobTeam team(20'000, "/delay/50/", {"--maxmemory", "2mb", "--maxmemory-policy", "noeviction"});
  const Finished ended = team.start("fetch n=1", {"--state-timeout", "1s"})->wait();
  CHECK(ended.status == 3);
  CHECK(ended.err.find("its memory is full: free some of it, or raise its maxmemory") != std::string::npos);
}

TEST_CASE("job: a wrong password ends the run at once with what is wrong, and no password is shown") {
  const JobTeam team(3, "/ok/", {"--requirepass", "right"});
  const Finished without = team.start("fetch")->wait();
  CHECK(without.status == 3);
  CHECK(without.err.find("it wants a password") != std::string::npos);
}

TEST_CASE("job: a replica that takes no writes ends the run with what to do") {
  const JobTeam team(3, "/ok/");
  team.redis.ask({"REPLICAOF", "127.0.0.1", "1"});
  const Finished refused = team.start("fetch")->wait();
  CHECK(refused.status == 3);
  CHECK(refused.err.find("it is a replica, which nobody writes to: name its master") != std::string::npos);
}

TEST_CASE("job: keys of somebody else are left alone, and the run ends with what to do") {
  const JobTeam team(3, "/ok/");
  team.redis.ask({"SET", "leat:{list}:job", "mine"});
  const Finished refused = team.start("fetch")->wait();
  CHECK(refused.status == 3);
  CHECK(refused.err.find("its key is another program's, a string; name another job") != std::string::npos);
  CHECK(team.redis.ask({"GET", "leat:{list}:job"}) == "mine");
}

TEST_CASE("job: a job that is removed while it runs ends its processes with 3") {
  const JobTeam team(400, "/delay/50/");
  const auto process = team.start("fetch n=2");
  REQUIRE(process->read_line());
  const auto dropped = run_leat({"work", "--drop", team.state()});
  CHECK(dropped.status == 0);
  CHECK(dropped.out.find("the job \"list\" is removed") != std::string::npos);
  const Finished ended = process->wait();
  CHECK(ended.status == 3);
  CHECK(ended.err.find("is gone from Redis") != std::string::npos);
  CHECK(team.redis.ask({"KEYS", "*"}).empty());
}
