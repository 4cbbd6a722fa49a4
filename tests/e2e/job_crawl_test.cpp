#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace leat::tests;

namespace {

/// A crawl of a site whose pages are on 24 hosts. Its list is the first page alone.
class CrawlTeam : public JobTeam {
 public:
  explicit CrawlTeam(int pages, int delay = 0, std::vector<std::string> redis_settings = {})
      : JobTeam(1, "/site/" + std::to_string(pages) + "/0?hosts=24&delay=" + std::to_string(delay) + "&x=",
                std::move(redis_settings)) {}

  [[nodiscard]] static std::string crawl(const std::string& more) {
    return "crawl " + more +
           " scope=any next={ extract css=\"a[href]\" attr=href as=meta.l | each (.meta.l[]) }";
  }
  [[nodiscard]] std::string pages_done() const { return sum("done"); }
};

}  // namespace

TEST_CASE(
    "job: three processes crawl a site of many hosts together, each page once, and all end by themselves") {
  const CrawlTeam team(600, 5);
  const auto all = wait_for_all(team.start_all(3, CrawlTeam::crawl("n=8")));
  check_ended(all);
  const auto urls = urls_of(all);
  CHECK(urls.size() == 600);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.ok() == "600");
  CHECK(team.pages_done() == "600");
  for (const auto& one : all) CHECK(!one.out.empty());
}

TEST_CASE(
    "job: a crawl whose processes are killed in the middle has each page, and repeats only what was in "
    "hand") {
  const CrawlTeam team(300, 20);
  const auto processes = team.start_all(3, CrawlTeam::crawl("n=4"));
  const auto first = processes[0]->read_line();
  const auto second = processes[0]->read_line();
  REQUIRE(second);
  processes[0]->signal(SIGKILL);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 128 + SIGKILL);
  all[0].out.insert(0, *first + "\n" + *second + "\n");
  check_ended({all[1], all[2]});
  const auto urls = urls_of(all);
  CHECK(urls.size() == 300);
  int again = 0;
  for (const auto& one : urls) again += one.second - 1;
  CHECK(again <= 4);
  CHECK(team.ok() == "300");
}

TEST_CASE("job: what an interrupted process of a crawl leaves is fetched by the others, and nothing twice") {
  const CrawlTeam team(200, 20);
  const auto processes = team.start_all(2, CrawlTeam::crawl("n=4"));
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGINT);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 130);
  all[0].out.insert(0, *first + "\n");
  check_ended({all[1]});
  const auto urls = urls_of(all);
  CHECK(urls.size() == 200);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
}

TEST_CASE("job: a limit and the depth of a crawl hold for all processes together") {
  const CrawlTeam limited(4000, 5);
  auto all = wait_for_all(limited.start_all(3, CrawlTeam::crawl("n=4") + " | limit 50"));
  check_ended(all);
  CHECK(urls_of(all).size() == 50);

  const CrawlTeam shallow(4000);
  all = wait_for_all(shallow.start_all(3, CrawlTeam::crawl("n=4 depth=2")));
  check_ended(all);
  const auto alone = run_leat({"run", "-q", shallow.spec(CrawlTeam::crawl("n=4 depth=2"))});
  CHECK(urls_of(all) == urls_of({alone}));
}

TEST_CASE(
    "job: of pages that redirects in several processes lead to one is printed once, as are those of a list") {
  const JobTeam team(24, "/ok/");
  std::ofstream list(team.list(), std::ios::app);
  for (const auto& url : team.wanted()) list << url << "#again\n";
  list.close();
  const std::string target =
      "http%3A%2F%2F127.0.0.1:" + std::to_string(many_hosts().port()) + "%2Fok%2Ftarget";
  const std::string crawl = "crawl n=4 scope=any depth=1 next={ each (\"/redirect-to?url=" + target + "\") }";
  const auto all = wait_for_all(team.start_all(3, crawl));
  check_ended(all);
  auto urls = urls_of(all);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  for (const auto& url : team.wanted()) CHECK_MESSAGE(urls.erase(url) == 1, url);
  CHECK(urls.size() == 1);
  CHECK(team.ok() == "25");
}

TEST_CASE(
    "job: what the pages of a crawl carry of secrets is not in Redis, and is sent with their requests") {
  const CrawlTeam team(40, 20);
  const std::string crawl =
      "crawl n=2 scope=any next={ extract css=\"a[href]\" attr=href as=meta.l | "
      "each (.meta.l[]) | set header.x-token=$token }";
  const std::string spec = "let token = secret:JOB_TOKEN; " + team.spec(crawl);
  Process process(
      {"/usr/bin/env", "JOB_TOKEN=open-sesame", LEAT_BINARY, "run", "--state", team.state(), spec});
  REQUIRE(process.read_line());
  const std::string look =
      "local all = '' for _, key in ipairs(redis.call('KEYS', '*:queue')) do "
      "for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do all = all .. entry[2][2] end end "
      "return (string.find(all, 'x-token', 1, true) and 'pages' or 'none') .. "
      "(string.find(all, 'sesame', 1, true) and ' with it' or ' without it')";
  CHECK(eventually([&] { return team.redis.ask({"EVAL", look, "0"}) == "pages without it"; }));
  CHECK(process.wait().status == 0);
  CHECK(team.ok() == "40");
}

TEST_CASE("job: a process of a crawl that was stopped alone goes on when it comes back, and misses no page") {
  const CrawlTeam team(150, 20);
  const auto process = team.start(CrawlTeam::crawl("n=4"));
  const auto first = process->read_line();
  REQUIRE(first);
  process->signal(SIGSTOP);
  team.let_leases_lapse();
  process->signal(SIGCONT);
  Finished ended = process->wait();
  check_ended({ended});
  ended.out.insert(0, *first + "\n");
  CHECK(urls_of({ended}).size() == 150);
  CHECK(team.ok() == "150");
}

TEST_CASE("job: a crawl whose Redis has lost its last second comes to every page") {
  CrawlTeam team(300, 20, {"--appendfsync", "everysec"});
  const auto processes = team.start_all(2, CrawlTeam::crawl("n=2"));
  lose_last_second(team, "done", 10, 60);
  const auto all = wait_for_all(processes);
  check_ended(all);
  // What is done again may be asked for by another link to the same page.
  std::set<std::string> pages;
  for (const auto& one : urls_of(all)) pages.insert(one.first.substr(0, one.first.find('#')));
  CHECK(pages.size() == 300);
}

namespace {

/// Lists of 6 pages each on 24 hosts.
class PageTeam : public JobTeam {
 public:
  PageTeam() : JobTeam(24, "/json/items?page=1&per=1&pages=6&delay=20&x=") {}
  [[nodiscard]] std::unique_ptr<Process> start_one() const {
    return start("paginate n=4 next=(.json.next | if . then . + \"&delay=20\" else empty end)");
  }
};

}  // namespace

TEST_CASE(
    "job: the pages of a pagination stay with their record, which a killed process leaves to the others") {
  const PageTeam team;
  std::vector<std::unique_ptr<Process>> processes;
  processes.push_back(team.start_one());  // before the others, who might take all records
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGSTOP);
  for (int i = 0; i < 2; ++i) processes.push_back(team.start_one());
  processes[0]->signal(SIGKILL);
  auto all = wait_for_all(processes);
  all[0].out.insert(0, *first + "\n");
  check_ended({all[1], all[2]});
  CHECK(urls_of(all).size() == 24 * 6);
  CHECK(team.ok() == "144");
  const auto by_others = urls_of({all[1], all[2]});
  for (const auto& one : by_others) CHECK_MESSAGE(one.second == 1, one.first);
}

TEST_CASE(
    "job: a pagination that comes back to a process which was stopped begins with its first page again") {
  const PageTeam team;
  const auto process = team.start_one();
  std::string out;
  for (int i = 0; i < 30; ++i) {
    const auto line = process->read_line();
    REQUIRE(line);
    out += *line + "\n";
  }
  process->signal(SIGSTOP);
  team.let_leases_lapse();
  process->signal(SIGCONT);
  Finished ended = process->wait();
  check_ended({ended});
  ended.out.insert(0, out);
  CHECK(urls_of({ended}).size() == 24 * 6);
  CHECK(team.ok() == "144");
}
