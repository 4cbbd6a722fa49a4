// One host alone, which is split over the processes of a job since its per-host= is larger than their n=.
#include <doctest/doctest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace leat::tests;

namespace {

/// A list of URLs of one host, which counts what is asked for at once.
struct OneHost {
  explicit OneHost(const std::vector<std::string>& paths) : team(0, "") {
    std::ofstream file(team.list());
    for (const auto& path : paths) file << origin.url(path) << "\n";
  }
  [[nodiscard]] std::unique_ptr<Process> join_with(const std::string& jobs) const {
    return std::make_unique<Process>(std::vector<std::string>{LEAT_BINARY, "work", "-j", jobs, team.state()});
  }
  [[nodiscard]] std::vector<std::int64_t> owners() const {
    std::map<std::string, std::int64_t> counts;
    for (const auto& owner : lines_of(team.redis.ask({"HVALS", "leat:{list}:owners"}))) ++counts[owner];
    std::vector<std::int64_t> numbers;
    for (const auto& one : counts) numbers.push_back(one.second);
    return numbers;
  }

  const OriginProcess origin;
  const JobTeam team;
};

std::vector<std::string> numbered(const std::string& path, int count) {
  std::vector<std::string> paths;
  for (int i = 0; i < count; ++i) paths.push_back(path + std::to_string(i));
  return paths;
}

void check_each_once(const std::vector<Finished>& all, std::size_t count) {
  const auto urls = urls_of(all);
  CHECK(urls.size() == count);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
}

}  // namespace

TEST_CASE("job: one host alone is fetched by all processes, never with more at once than per-host= says") {
  const OneHost host(numbered("/delay/100/", 400));
  auto processes = host.team.start_all(3, "fetch n=4 per-host=13");
  REQUIRE(eventually([&] { return !host.owners().empty(); }));
  processes.push_back(host.join_with("9"));  // its own number changes nothing for the others
  const auto all = wait_for_all(processes);
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
    CHECK(!one.out.empty());
  }
  check_each_once(all, 400);
  CHECK(host.team.ok() == "400");
  CHECK(host.origin.stats().peak <= 13);
  CHECK(host.origin.stats().peak > 9);
}

TEST_CASE("job: the cap of a host that is split holds also if a process is killed and another one leaves") {
  const OneHost host(numbered("/delay/100/", 600));
  const auto processes = host.team.start_all(4, "fetch n=4 per-host=16");
  std::vector<std::string> firsts;
  for (const auto& process : processes) {
    const auto line = process->read_line();
    REQUIRE(line);
    firsts.push_back(*line);
  }
  processes[0]->signal(SIGKILL);
  processes[1]->signal(SIGINT);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 128 + SIGKILL);
  CHECK(all[1].status == 130);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].out.insert(0, firsts[i] + "\n");
  const auto urls = urls_of(all);
  int again = 0;
  for (const auto& one : urls) again += one.second - 1;
  CHECK(again <= 4);  // what the killed one had printed, and had in hand
  CHECK(urls.size() == 600);
  CHECK(host.team.ok() == "600");
  CHECK(host.origin.stats().peak <= 16);
}

TEST_CASE("job: a pause that one process is asked for holds for the others that fetch from the same host") {
  auto paths = numbered("/timed/constant/20000/", 700);
  paths[400] = "/flaky/1/busy?status=429&retry-after=3";
  const OneHost host(paths);
  const auto all = wait_for_all(host.team.start_all(2, "fetch n=2 per-host=8"));
  for (const auto& one : all) {
    CAPTURE(one.err);
    CHECK(one.status == 0);
    CHECK(lines_of(one.out).size() > 200);  // both were at work all the time
  }
  check_each_once(all, 700);
  std::vector<std::int64_t> received;
  for (const auto& line : lines_of(host.origin.get("/timings"))) {
    std::istringstream words(line);
    std::int64_t number = 0;
    std::int64_t at = 0;
    words >> number >> at;
    received.push_back(at);
  }
  REQUIRE(received.size() == 699);
  std::sort(received.begin(), received.end());
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < received.size(); ++i)
    longest = std::max(longest, received[i] - received[i - 1]);
  CHECK(longest >
        2'300'000'000);  // all but the beat in which the other one hears of it, and some for a busy machine
}

TEST_CASE("job: a crawl of one host is split by its pages, each of which is fetched once") {
  const OneHost host({"/site/300/0"});
  const std::string middle =
      "crawl n=2 per-host=8 next={ extract css=\"a[href]\" attr=href as=meta.links | each (.meta.links[]) "
      "meta=(null) }";
  const auto all = wait_for_all(host.team.start_all(3, middle));
  check_ended(all);
  check_each_once(all, 300);
  CHECK(host.origin.stats().peak <= 8);
}
