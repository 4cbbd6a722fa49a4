#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace leat::tests;

TEST_CASE("job: two processes do each record of a list once, and both end by themselves") {
  const JobTeam team(200, "/delay/20/");
  const auto all = wait_for_all(team.start_all(2, "fetch n=8"));
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
    CHECK(!one.out.empty());
  }
  const auto urls = urls_of(all);
  CHECK(urls.size() == 200);
  for (const auto& url : team.wanted()) CHECK_MESSAGE(urls.count(url) == 1, url);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.ok() == "200");
  const std::string said = all[0].err + all[1].err;
  CHECK(said.find("the job is done; all of its processes together: 200 ok") != std::string::npos);
}

TEST_CASE("job: each process writes files of its own that {process} names, by machine and number") {
  const JobTeam team(80, "/delay/50/");
  const TempDir dir;
  const std::string spec = "lines \"" + team.list() + "\" | fetch n=4 | write json fields=url to=\"" +
                           (dir / "out-{process}.json\"");
  std::vector<std::unique_ptr<Process>> processes;
  std::vector<std::string> pids;
  for (int i = 0; i < 2; ++i) {
    processes.push_back(std::make_unique<Process>(
        std::vector<std::string>{LEAT_BINARY, "run", "--state", team.state(), spec}));
    pids.push_back(std::to_string(processes.back()->pid()));
  }
  REQUIRE(eventually([&] { return dir.names().size() == 2; }));
  const Finished status = run_leat({"work", "--status", team.state()});
  for (const auto& one : wait_for_all(processes)) CHECK(one.status == 0);
  std::array<char, 256> host{};
  REQUIRE(::gethostname(host.data(), host.size() - 1) == 0);
  const std::string machine(host.data());
  std::vector<Finished> written;
  for (const auto& pid : pids) {
    CHECK(status.out.find("process " + machine + ":" + pid + ": ") != std::string::npos);
    Finished file;
    file.out = read_file(dir / ("out-" + machine + "-" + pid + ".json"));
    CHECK(!file.out.empty());
    written.push_back(std::move(file));
  }
  CHECK(urls_of(written).size() == 80);
}

TEST_CASE("job: what a killed process had in hand is done by the others, and counted once") {
  const JobTeam team(120, "/delay/50/");
  const auto processes = team.start_all(3, "fetch n=4");
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGKILL);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 128 + SIGKILL);
  all[0].out.insert(0, *first + "\n");
  for (std::size_t i = 1; i < 3; ++i) {
    CAPTURE(all[i].err);
    CHECK(all[i].status == 0);
  }
  const auto urls = urls_of(all);
  for (const auto& url : team.wanted()) CHECK_MESSAGE(urls.count(url) == 1, url);
  int again = 0;
  for (const auto& one : urls) again += one.second - 1;
  CHECK(again <= 4);
  CHECK(team.ok() == "120");
}

TEST_CASE("job: a process that was stopped and comes back starts nothing that it has lost, and counts once") {
  const JobTeam team(60, "/delay/100/");
  const auto processes = team.start_all(2, "fetch n=2");
  std::vector<std::string> firsts;
  for (const auto& process : processes) {
    const auto line = process->read_line();
    REQUIRE(line);
    firsts.push_back(*line);
  }
  processes[0]->signal(SIGSTOP);
  Finished other = processes[1]->wait();
  CAPTURE(other.err);
  CHECK(other.status == 0);
  CHECK(team.ok() == "60");
  const auto requests = many_hosts().stats().requests;
  processes[0]->signal(SIGCONT);
  Finished stopped = processes[0]->wait();
  CAPTURE(stopped.err);
  CHECK(stopped.status == 0);
  CHECK(many_hosts().stats().requests == requests);
  CHECK(team.ok() == "60");
  stopped.out.insert(0, firsts[0] + "\n");
  other.out.insert(0, firsts[1] + "\n");
  // What it was in the middle of it prints as well.
  int again = 0;
  const auto urls = urls_of({other, stopped});
  for (const auto& one : urls) again += one.second - 1;
  CHECK(again <= 2);
  CHECK(urls.size() == 60);
}

TEST_CASE("job: a process that was stopped alone goes on when it comes back") {
  const JobTeam team(40, "/delay/50/");
  const auto process = team.start("fetch n=2");
  REQUIRE(process->read_line());
  process->signal(SIGSTOP);
  team.let_leases_lapse();
  process->signal(SIGCONT);
  const Finished ended = process->wait();
  CAPTURE(ended.err);
  CHECK(ended.status == 0);
  CHECK(team.ok() == "40");
}

TEST_CASE(
    "job: a pause that a server asks for goes along with its records, if a process ends and if it is "
    "killed") {
  const auto key = std::to_string(many_hosts().port());
  for (const int number : {SIGINT, SIGKILL}) {
    const std::string path =
        "/flaky/1/parked-" + std::to_string(number) + key + "?status=429&retry-after=3&n=";
    const JobTeam team(1, path);
    const auto begun = std::chrono::steady_clock::now();
    const auto first = team.start("fetch n=1");
    const std::vector<std::string> parked{"EVAL", "return #redis.call('KEYS', '*:parked')", "0"};
    REQUIRE(eventually([&] { return team.redis.ask(parked) == "1"; }));
    first->signal(number);
    CHECK(first->wait().status == 128 + number);
    team.let_leases_lapse();
    const Finished next = team.start("fetch n=1")->wait();
    CAPTURE(next.err);
    CHECK(next.status == 0);
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::seconds(3));
    CHECK(team.ok() == "1");
  }
}

TEST_CASE("job: the distance between requests to a host holds when its records go over to another process") {
  const JobTeam team(2, "/ok/", {}, 1);
  const auto begun = std::chrono::steady_clock::now();
  const auto first = team.start("fetch n=1 per-host-rate=0.5");
  REQUIRE(eventually([&] { return team.ok() == "1"; }));  // else both records are the next one's
  first->signal(SIGKILL);
  CHECK(first->wait().status == 128 + SIGKILL);
  team.let_leases_lapse();
  const Finished next = team.start("fetch n=1 per-host-rate=0.5")->wait();
  CAPTURE(next.err);
  CHECK(next.status == 0);
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::seconds(2));
  CHECK(team.ok() == "2");
}

TEST_CASE("job: a limit is exact over four processes, and ends them before the list is done") {
  const JobTeam team(4000, "/delay/20/");
  const auto before = many_hosts().stats().requests;
  const auto all = wait_for_all(team.start_all(4, "fetch n=4 | limit 100"));
  check_ended(all);
  const auto urls = urls_of(all);
  CHECK(urls.size() == 100);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(many_hosts().stats().requests - before < 2000);
}

TEST_CASE("job: dedupe, skip and a sample with a seed count for all processes together") {
  const JobTeam team(200, "/ok/");
  auto all = wait_for_all(team.start_all(3, "dedupe by=(.url[17:18]) | fetch n=4"));
  std::size_t lines = 0;
  for (const auto& one : all) lines += lines_of(one.out).size();
  const JobTeam same(200, "/ok/");
  const auto alone = run_leat({"run", "-q", same.spec("dedupe by=(.url[17:18]) | fetch n=4")});
  CHECK(lines == lines_of(alone.out).size());

  const JobTeam skipping(100, "/ok/");
  all = wait_for_all(skipping.start_all(3, "fetch n=4 | skip 30"));
  CHECK(urls_of(all).size() == 70);

  const JobTeam sampling(100, "/ok/");
  all = wait_for_all(sampling.start_all(3, "sample 50% seed=7 | fetch n=4"));
  const auto sampled = urls_of(all).size();
  CHECK(sampled > 20);
  CHECK(sampled < 80);
}

TEST_CASE("job: all processes end within a second of the last answer") {
  const JobTeam team(64, "/delay/300/");
  const auto processes = team.start_all(3, "fetch n=32");
  auto last = std::chrono::steady_clock::now();
  for (const auto& process : processes) {
    while (process->read_line()) last = std::chrono::steady_clock::now();
  }
  for (const auto& process : processes) CHECK(process->wait().status == 0);
  // Each has closed its output when it was read to its end.
  const auto took = std::chrono::steady_clock::now() - last;
  CHECK(took < std::chrono::milliseconds(1500));
}

TEST_CASE(
    "job: a process that is interrupted leaves what it has not done to the others, and prints none of it") {
  const JobTeam team(80, "/delay/100/");
  const auto processes = team.start_all(2, "fetch n=4");
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGINT);
  auto all = wait_for_all(processes);
  CAPTURE(all[0].err);
  CHECK(all[0].status == 130);
  CHECK(all[0].err.find("next: the same command goes on with what is left") != std::string::npos);
  CAPTURE(all[1].err);
  CHECK(all[1].status == 0);
  CHECK(team.ok() == "80");
  all[0].out.insert(0, *first + "\n");
  const auto urls = urls_of(all);
  CHECK(urls.size() == 80);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
}

TEST_CASE(
    "job: a process that another plan is given to is refused with what differs, and a done job is done") {
  const JobTeam team(3, "/ok/");
  CHECK(team.start("fetch n=2")->wait().status == 0);
  const Finished refused = team.start("fetch n=3")->wait();
  CHECK(refused.status == 3);
  CHECK(refused.err.find("it does other work: spec was \"n=2") != std::string::npos);
  const Finished again = team.start("fetch n=2")->wait();
  CHECK(again.status == 0);
  CHECK(again.out.empty());
}

TEST_CASE("job: another list of the same name is refused") {
  const JobTeam team(300, "/delay/20/");
  const auto process = team.start("fetch n=1");
  REQUIRE(process->read_line());
  process->signal(SIGKILL);
  process->wait();
  team.let_leases_lapse();
  team.redis.ask({"HSET", "leat:{list}:job", "exhausted", "0"});
  std::ofstream(team.list()) << "http://127.0.0.1:1/\n";
  const Finished refused = team.start("fetch n=1")->wait();
  CHECK(refused.status == 3);
  CHECK(refused.err.find("the source is not the one that the job has read") != std::string::npos);
}
