// Jobs in which records come to have other hosts than the list names: see also job_test.cpp.
#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/e2e/job_fixture.hpp"
#include "tests/support/eventually.hpp"

using namespace leat::tests;

namespace {

std::string port() { return std::to_string(many_hosts().port()); }

/// Lists of details of images: each list names 3 details, and each of these 2 images, all on other hosts.
class ListTeam : public JobTeam {
 public:
  explicit ListTeam(int lists, int delay, std::vector<std::string> redis_settings = {})
      : JobTeam(lists, "/ok/list-", std::move(redis_settings)),
        lists_(lists),
        delay_("/delay/" + std::to_string(delay) + "/") {}

  [[nodiscard]] std::string middle() const {
    return to_images() + " | save \"" + (files_ / "{name}") + "\" on-exist=overwrite";
  }
  [[nodiscard]] std::string to_images() const {
    return "fetch n=4 | each (range(3) as $i | {url: \"http://127.0.0.\\(30 + (.id + $i) % 9):" + port() +
           delay_ + "detail-\\(.id)-\\($i)\", k: \"\\(.id)-\\($i)\", h: (.id % 5)}) | fetch n=4 | " +
           "each (range(2) as $j | {url: \"http://127.0.0.\\(40 + .meta.h * 2 + $j):" + port() + delay_ +
           "image-\\(.meta.k)-\\($j)\"}) | fetch n=4";
  }
  [[nodiscard]] std::size_t images() const { return static_cast<std::size_t>(lists_) * 6; }
  /// Lists, details and images.
  [[nodiscard]] std::string records() const { return std::to_string(lists_ * (1 + 3 + 6)); }
  [[nodiscard]] std::size_t files() const { return files_.names().size(); }

 private:
  int lists_;
  std::string delay_;
  TempDir files_;
};

}  // namespace

TEST_CASE(
    "job: lists, their details and the images of these are fetched by three processes, each file once, and "
    "the sum is that of one process") {
  const ListTeam team(12, 10);
  const auto before = many_hosts().stats().requests;
  const auto all = wait_for_all(team.start_all(3, team.middle()));
  check_ended(all);
  CHECK(many_hosts().stats().requests - before == 120);
  const auto urls = urls_of(all);
  CHECK(urls.size() == team.images());
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.files() == team.images());
  for (const auto& one : all) CHECK(!one.out.empty());
  CHECK(team.ok() == team.records());
  CHECK(team.sum("created") == team.sum("done"));

  const ListTeam same(12, 0);
  const auto alone = run_leat({"run", same.spec(same.middle())});
  CHECK(alone.err.find(team.records() + " records: " + team.records() + " ok") != std::string::npos);
  const std::string said = all[0].err + all[1].err + all[2].err;
  CHECK(said.find("all of its processes together: " + team.records() + " ok") != std::string::npos);
}

TEST_CASE("job: a process that is killed between the fetches of a pipeline loses nothing of it") {
  const ListTeam team(12, 30);
  const auto processes = team.start_all(3, team.middle());
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGKILL);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 128 + SIGKILL);
  all[0].out.insert(0, *first + "\n");
  check_ended({all[1], all[2]});
  CHECK(urls_of(all).size() == team.images());
  CHECK(team.files() == team.images());
  CHECK(team.sum("created") == team.sum("done"));
  CHECK(team.ok() == team.records());
}

TEST_CASE("job: an interrupted process leaves what it has found to the others, and nothing is done twice") {
  const ListTeam team(12, 30);
  const auto processes = team.start_all(2, team.middle());
  const auto first = processes[0]->read_line();
  REQUIRE(first);
  processes[0]->signal(SIGINT);
  auto all = wait_for_all(processes);
  CHECK(all[0].status == 130);
  all[0].out.insert(0, *first + "\n");
  check_ended({all[1]});
  const auto urls = urls_of(all);
  CHECK(urls.size() == team.images());
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
}

TEST_CASE("job: a Redis that has lost its last second loses nothing of what records have led to") {
  ListTeam team(24, 30, {"--appendfsync", "everysec"});
  const auto processes = team.start_all(2, team.to_images());
  lose_last_second(team, "done", 30, 120);
  const auto all = wait_for_all(processes);
  check_ended(all);
  CHECK(urls_of(all).size() == team.images());
  CHECK(team.sum("created") == team.sum("done"));
}

TEST_CASE("job: each before a fetch, and set of its URL, send records to the process that has their host") {
  const JobTeam team(100, "/ok/");
  const std::string other = "\"http://127.0.0.\\(60 + (.line % 7)):" + port() + "/delay/5/a-\\(.line)\"";
  auto all = wait_for_all(team.start_all(3, "each (" + other + ") | fetch n=4"));
  check_ended(all);
  auto urls = urls_of(all);
  CHECK(urls.size() == 100);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.ok() == "200");  // as in one process

  const JobTeam setting(100, "/ok/");
  all = wait_for_all(setting.start_all(3, "set url=(" + other + ") | fetch n=4"));
  check_ended(all);
  CHECK(urls_of(all) == urls);
  CHECK(setting.ok() == "100");
}

TEST_CASE("job: records that get their URL from their members are divided by it") {
  const JobTeam team(1, "/ok/");
  std::ofstream list(team.list());
  for (int i = 0; i < 60; ++i) list << "{\"n\":" << i << "}\n";
  list.close();
  const std::string middle = "set url=\"http://127.0.0.{meta.n}:" + port() + "/delay/5/n\" | fetch n=4";
  std::vector<std::unique_ptr<Process>> processes;
  for (int i = 0; i < 2; ++i) {
    processes.push_back(std::make_unique<Process>(std::vector<std::string>{
        LEAT_BINARY, "run", "--state", team.state(),
        "json \"" + team.list() + "\" | where (.meta.n > 0) | " + middle + " | write json fields=url"}));
  }
  const auto all = wait_for_all(processes);
  check_ended(all);
  CHECK(urls_of(all).size() == 59);
  CHECK(team.ok() == "59");
  CHECK(team.sum("outcome:2") == "1");
}

TEST_CASE("job: per-host= of a second fetch holds at its host over two processes") {
  const OriginProcess target;
  const JobTeam team(48, "/ok/");
  const std::string children = "each (range(3) as $i | \"" + target.url("/delay/30/") + "\\(.line)-\\($i)\")";
  const auto all = wait_for_all(team.start_all(2, "fetch n=8 | " + children + " | fetch n=8 per-host=2"));
  check_ended(all);
  CHECK(urls_of(all).size() == 144);
  CHECK(target.stats().peak == 2);
  CHECK(target.stats().requests == 144);
  CHECK(team.ok() == "192");
}

TEST_CASE("job: what stands between two fetches counts for all processes together") {
  const ListTeam limited(40, 10);
  const std::string port_text = port();
  const auto details = [&](const std::string& between) {
    return "fetch n=4 | each (range(3) as $i | \"http://127.0.0.\\(30 + (.id + $i) % 9):" + port_text +
           "/delay/10/\\(.id)-\\($i)\") | " + between + " | fetch n=4";
  };
  auto all = wait_for_all(limited.start_all(3, details("limit 20")));
  check_ended(all);
  CHECK(urls_of(all).size() == 20);

  const ListTeam behind(40, 10);
  all = wait_for_all(behind.start_all(3, details("where (true)") + " | limit 20"));
  check_ended(all);
  CHECK(urls_of(all).size() == 20);

  const ListTeam skipping(20, 10);
  all = wait_for_all(skipping.start_all(3, details("skip 10")));
  check_ended(all);
  CHECK(urls_of(all).size() == 50);

  const ListTeam different(20, 10);
  all = wait_for_all(different.start_all(3, details("dedupe by=(.url[17:18])")));
  const ListTeam same(20, 10);
  const auto alone = run_leat({"run", "-q", same.spec(details("dedupe by=(.url[17:18])"))});
  std::size_t lines = 0;
  for (const auto& one : all) lines += lines_of(one.out).size();
  CHECK(lines == lines_of(alone.out).size());
}

TEST_CASE("job: a limit before a fetch is full, and all that comes of its records is done") {
  const JobTeam team(100, "/ok/");
  const std::string children =
      "each (range(20) as $i | \"http://127.0.0.\\(30 + $i):" + port() + "/delay/5/\\(.line)-\\($i)\")";
  auto all = wait_for_all(team.start_all(2, "limit 3 | " + children + " | fetch n=2"));
  check_ended(all);
  CHECK(urls_of(all).size() == 60);

  const JobTeam crawling(1, "/site/60/0?hosts=24&delay=5&x=");
  const std::string crawl =
      "crawl n=4 scope=any next={ extract css=\"a[href]\" attr=href as=meta.l | each (.meta.l[]) }";
  all = wait_for_all(crawling.start_all(2, "limit 1 | " + crawl));
  check_ended(all);
  CHECK(urls_of(all).size() == 60);
}

TEST_CASE("job: what a crawl finds is fetched by a stage behind it, in the process that has its host") {
  const JobTeam team(1, "/site/40/0?hosts=24&delay=5&x=");
  const std::string crawl =
      "crawl n=4 scope=any next={ extract css=\"a[href]\" attr=href as=meta.l | each (.meta.l[]) } | "
      "each (\"http://127.0.0.\\(60 + (.url | length) % 7):" +
      port() + "/delay/5/\\(.url | @uri)\") meta=none | fetch n=4";
  const auto all = wait_for_all(team.start_all(3, crawl));
  check_ended(all);
  const auto urls = urls_of(all);
  CHECK(urls.size() == 40);
  for (const auto& one : urls) CHECK_MESSAGE(one.second == 1, one.first);
  CHECK(team.sum("outcome:1").empty());
}

TEST_CASE("job: batches are fetched by whoever has their host, and their members count once") {
  const JobTeam team(60, "/ok/");
  const std::string middle = "batch n=7 within=50ms | set url=\"http://127.0.0.9:" + port() +
                             "/ok/b?n={meta.size}-{id}\" | fetch n=4";
  const auto all = wait_for_all(team.start_all(2, middle));
  check_ended(all);
  int members = 0;
  const auto urls = urls_of(all);
  for (const auto& one : urls) members += std::stoi(one.first.substr(one.first.find("n=") + 2));
  CHECK(members == 60);
  CHECK(team.ok() == std::to_string(60 + urls.size()));
}

TEST_CASE("job: secrets of a record that is put into the job are not in Redis, and are sent with it") {
  const JobTeam team(40, "/ok/");
  const std::string middle =
      "each (\"http://127.0.0.9:" + port() + "/delay/20/\\(.line)\") | set header.x-token=$token | fetch n=1";
  Process process({"/usr/bin/env", "JOB_TOKEN=open-sesame", LEAT_BINARY, "run", "--state", team.state(),
                   "let token = secret:JOB_TOKEN; " + team.spec(middle)});
  REQUIRE(process.read_line());
  const std::string look =
      "local all = '' for _, key in ipairs(redis.call('KEYS', '*:queue')) do "
      "for _, entry in ipairs(redis.call('XRANGE', key, '-', '+')) do all = all .. entry[2][2] end end "
      "return (string.find(all, 'x-token', 1, true) and 'records' or 'none') .. "
      "(string.find(all, 'sesame', 1, true) and ' with it' or ' without it')";
  CHECK(eventually([&] { return team.redis.ask({"EVAL", look, "0"}) == "records without it"; }));
  CHECK(process.wait().status == 0);
  CHECK(team.ok() == "80");
}

TEST_CASE("job: failures of what came of a record are counted where they were, each of them") {
  const JobTeam team(10, "/ok/");
  const std::string middle = "each (range(4) as $i | \"http://127.0.0.\\(30 + $i):" + port() +
                             "/status/40\\(if $i < 3 then 4 else 0 end)\") | fetch n=4 retry=0 fail=404";
  const auto all = wait_for_all(team.start_all(2, middle));
  for (const auto& one : all) CHECK(one.status <= 1);
  CHECK(team.sum("outcome:1") == "30");
  CHECK(team.sum("code:http_status") == "30");
  CHECK(team.ok() == "20");
  const Finished status = run_leat({"work", "--status", team.state()});
  CHECK(status.out.find("read: 10 records of the source, all of it\n") != std::string::npos);
  CHECK(status.out.find("done: 20 ok, 30 failed; ") != std::string::npos);
  CHECK(status.out.find("failed: 30 http_status\n") != std::string::npos);
  CHECK(status.out.find("failed at 127.0.0.30: 10\n") != std::string::npos);
}
