#include <doctest/doctest.h>

#include <string>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/process.hpp"
#include "tests/support/pty_process.hpp"

using namespace leat::tests;

TEST_CASE("work: a process takes spec and settings from the job, and does its part") {
  const JobTeam team(150, "/delay/20/");
  const auto first = team.start("fetch n=2 | where (.status == $wanted)", {"--set", "wanted=200"});
  REQUIRE(first->read_line());
  const Finished worker = run_leat({"work", "-j", "8", team.state()});
  CAPTURE(worker.err);
  CHECK(worker.status == 0);
  CHECK(!worker.out.empty());
  CHECK(first->wait().status == 0);
  CHECK(team.ok() == "150");
}

TEST_CASE("work: a job that is not there, or no URL, is refused") {
  const JobTeam team(1, "/ok/");
  const Finished none = run_leat({"work", team.state()});
  CHECK(none.status == 3);
  CHECK(none.err.find("there is no such job") != std::string::npos);
  CHECK(run_leat({"work", "--status", team.state()}).status == 3);
  CHECK(run_leat({"work", "--drop", team.state()}).status == 3);
  CHECK(run_leat({"work"}).status == 2);
  CHECK(run_leat({"work", "http://a.org/"}).status == 2);
  CHECK(run_leat({"work", "--status", "--drop", team.state()}).status == 2);
  CHECK(run_leat({"work", "--json", team.state()}).status == 2);
}

TEST_CASE("work: --status shows counts, processes and failures while the job runs and afterwards") {
  const JobTeam team(60, "/delay/50/");
  std::ofstream(team.list(), std::ios::app) << "http://127.0.0.1:1/x\n";
  const auto process = team.start("fetch n=2 retry=0");
  REQUIRE(process->read_line());
  const Finished running = run_leat({"work", "--status", "--json", team.state()});
  REQUIRE(running.status == 0);
  const JsonLine line(running.out);
  CHECK(!line["over"].GetBool());
  CHECK(line["read"].GetUint64() == 61);
  CHECK(line["left"].GetUint64() == 61 - line["done"].GetUint64());
  CHECK(line["left"].GetUint64() > 0);
  REQUIRE(line["processes"].Size() == 1);
  CHECK(line["processes"][0]["partitions"].GetUint64() == 64);
  const Finished ended = process->wait();
  CHECK(ended.status == 1);
  // --retry-failed is refused where there is a job.
  CHECK(ended.err.find("next: a job does each record once; give the failed ones to a job of their own\n") !=
        std::string::npos);
  CHECK(ended.err.find("--retry-failed") == std::string::npos);
  const JsonLine done(run_leat({"work", "--status", "--json", team.state()}).out);
  CHECK(done["over"].GetBool());
  CHECK(done["outcomes"]["ok"].GetUint64() == 60);
  CHECK(done["outcomes"]["failed"].GetUint64() == 1);
  CHECK(done["errors"]["connect_refused"].GetUint64() == 1);
  REQUIRE(done["failures"].Size() == 1);
  CHECK(done["processes"].Size() == 0);
  CHECK(done["left"].GetUint64() == 0);
  CHECK(done["seconds_left"].GetDouble() == 0);
  CHECK(done["rate"].GetDouble() > 0);
  CHECK(done["down"].Size() == 0);
  const Finished text = run_leat({"work", "--status", team.state()});
  CHECK(text.out.find("job: done, after ") != std::string::npos);
  CHECK(text.out.find("read: 61 records of the source, all of it\n") != std::string::npos);
  CHECK(text.out.find("done: 60 ok, 1 failed; ") != std::string::npos);
  CHECK(text.out.find("connect_refused: http://127.0.0.1:1/x") != std::string::npos);
}

TEST_CASE("work: --drop removes all that the job has kept, and nothing else") {
  const JobTeam team(5, "/ok/");
  team.redis.ask({"SET", "leat:{lists}:job", "another"});
  CHECK(team.start("dedupe | fetch")->wait().status == 0);
  const Finished dropped = run_leat({"work", "--drop", team.state()});
  CHECK(dropped.status == 0);
  CHECK(team.redis.ask({"KEYS", "*"}) == "leat:{lists}:job");
}

TEST_CASE("work: each process takes secrets from its own environment, and the job keeps none") {
  const JobTeam team(8, "/delay/300/");
  const std::string spec = "let token = secret:JOB_TOKEN; " + team.spec("fetch n=1 bearer=$token");
  Process first({"/usr/bin/env", "JOB_TOKEN=open-sesame", LEAT_BINARY, "run", "--state", team.state(), spec});
  REQUIRE(first.read_line());
  CHECK(team.redis.ask({"HGET", "leat:{list}:job", "config"}).find("sesame") == std::string::npos);
  const Finished without = run_leat({"work", team.state()});
  CHECK(without.status == 2);
  CHECK(without.err.find("JOB_TOKEN") != std::string::npos);
  const Finished with =
      run_process({"/usr/bin/env", "JOB_TOKEN=open-sesame", LEAT_BINARY, "work", team.state()});
  CAPTURE(with.err);
  CHECK(with.status == 0);
  CHECK(first.wait().status == 0);
}

TEST_CASE(
    "work: a spec with a secret written into it is refused by name, and nothing of it comes into Redis") {
  const JobTeam team(2, "/ok/");
  const std::string kUrl = "urls \"http://me:open-sesame@127.0.0.1:1/\" | fetch | null";
  for (const auto& [spec, name] :
       {std::pair{team.spec("fetch bearer=open-sesame"), "fetch bearer=: the spec has"},
        std::pair{team.spec("fetch header=\"X-Api-Key: open-sesame\""), "fetch header=: the"},
        std::pair{kUrl, "urls: the spec has a secret written into it"}}) {
    const Finished refused = run_leat({"run", "--state", team.state(), spec});
    CAPTURE(refused.err);
    CHECK(refused.status == 2);
    CHECK(refused.err.find(name) != std::string::npos);
    CHECK(refused.err.find("sesame") == std::string::npos);
  }
  CHECK(team.redis.ask({"KEYS", "*"}) == "");
}

TEST_CASE("work: a setting that is a secret has to be given again") {
  const JobTeam team(8, "/delay/300/");
  const std::string spec = "let token = \"none\"; " + team.spec("fetch n=1 bearer=$token");
  Process first({LEAT_BINARY, "run", "--state", team.state(), "--set", "token=open-sesame", spec});
  REQUIRE(first.read_line());
  CHECK(team.redis.ask({"HGET", "leat:{list}:job", "config"}).find("sesame") == std::string::npos);
  const Finished without = run_leat({"work", team.state()});
  CHECK(without.status == 2);
  CHECK(without.err.find("the job keeps no secrets: its $token is one; give it here, by --set token=VALUE") !=
        std::string::npos);
  const Finished with = run_leat({"work", "--set", "token=open-sesame", team.state()});
  CAPTURE(with.err);
  CHECK(with.status == 0);
  CHECK(first.wait().status == 0);
}

TEST_CASE("work: on a terminal --drop asks first, and only a yes removes the job") {
  const JobTeam team(2, "/ok/");
  CHECK(team.start("fetch")->wait().status == 0);
  Terminal terminal;
  PtyProcess no({LEAT_BINARY, "work", "--drop", team.state()}, terminal);
  REQUIRE(no.wait_for("[y/N]"));
  no.type("n\n");
  CHECK(no.wait() == 0);
  CHECK(!team.redis.ask({"KEYS", "*"}).empty());
  PtyProcess yes({LEAT_BINARY, "work", "--drop", team.state()}, terminal);
  REQUIRE(yes.wait_for("[y/N]"));
  yes.type("y\n");
  CHECK(yes.wait() == 0);
  CHECK(team.redis.ask({"KEYS", "*"}).empty());
}
