#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <set>
#include <string>

#include "tests/e2e/killed_runs.hpp"
#include "tests/support/concurrent.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> command(const TempDir& dir, const std::string& spec) {
  return {"run", "-q", "--state", dir / "state", spec};
}

}  // namespace

TEST_CASE(
    "state: a list that is killed 20 times has every URL, under one id, and repeats only what was in "
    "flight") {
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  for (int i = 0; i < 1500; ++i) list += server.url("/delay/5/" + std::to_string(i)) + "\n";
  write_file(dir / "list", list);
  const auto arguments = command(dir, "lines \"" + (dir / "list") + "\" | fetch n=16 | write json");
  Finished last;
  const Printed printed = run_killed(arguments, 20, 60ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  CHECK(printed.times.size() == 1500);
  for (const auto& [url, ids] : printed.ids) REQUIRE(ids.size() == 1);
  CHECK(printed.repeats() <= 20 * 16);
  CHECK(server.stats().requests <= 1500 + 20 * 16);

  const auto again = run_leat(arguments);
  CHECK(again.status == 0);
  CHECK(again.out.empty());
}

TEST_CASE("state: a crawl that is killed has every page, under one id, and repeats only what was in flight") {
  const OriginProcess server;
  const TempDir dir;
  const auto arguments = command(dir, "urls \"" + server.url("/ring/600/0?links=8") +
                                          "\" | crawl n=8 next={ extract css=\"a\" attr=href as=meta.links | "
                                          "each (.meta.links[]) } | write json");
  Finished last;
  const Printed printed = run_killed(arguments, 10, 150ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  CHECK(printed.times.size() == 600);
  for (const auto& [url, ids] : printed.ids) REQUIRE(ids.size() == 1);
  CHECK(printed.repeats() <= 10 * 8);

  const auto again = run_leat(arguments);
  CHECK(again.status == 0);
  CHECK(again.out.empty());
}

TEST_CASE("state: what the pages of an interrupted crawl or pagination lead to is fetched by the next run") {
  const OriginProcess server;
  const std::string links = "next={ extract css=\"a[href]\" attr=href as=meta.links | each (.meta.links[]) }";
  const std::string crawl =
      "urls \"" + server.url("/site/31/0?delay=50") + "\" | crawl n=4 robots=ignore " + links;
  const std::string pages = server.url("/json/items?page=1&per=1&pages=31&delay=50");
  for (const std::string& spec : {crawl, "urls \"" + pages + "\" | paginate next=(.json.next)"}) {
    CAPTURE(spec);
    const TempDir dir;
    const auto arguments = command(dir, spec + " | write json");
    Process process(binary(arguments));
    const auto first = process.read_line();
    REQUIRE(first);
    process.signal(SIGINT);
    const auto ended = process.wait();
    CHECK(ended.status == 130);
    std::multiset<std::string> fetched;
    for (const std::string& out : {*first + "\n" + ended.out, run_leat(arguments).out}) {
      for (const auto& line : json_lines(out))
        if (line.text("outcome") == "ok") fetched.insert(line.text("url"));
    }
    CHECK(fetched.size() == 31);
    CHECK(std::set<std::string>(fetched.begin(), fetched.end()).size() == 31);
  }
}

TEST_CASE("state: children have the same ids after a kill, and those of a finished record don't come again") {
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  for (int i = 0; i < 300; ++i) list += server.url("/delay/5/" + std::to_string(i)) + "\n";
  write_file(dir / "list", list);
  const auto arguments = command(dir, "lines \"" + (dir / "list") +
                                          "\" | each ({url: (.url + \"/a\")}, {url: (.url + \"/b\")}) | "
                                          "fetch n=8 | write json");
  Finished last;
  const Printed printed = run_killed(arguments, 5, 100ms, last);
  CHECK_MESSAGE(last.status == 0, last.err);
  CHECK(printed.times.size() == 600);
  for (const auto& [url, ids] : printed.ids) REQUIRE(ids.size() == 1);
}

TEST_CASE("state: results go to the end of the file that they were in") {
  const OriginProcess server;
  const TempDir dir;
  write_file(dir / "list", server.url("/ok/1") + "\n");
  const std::string spec =
      "lines \"" + (dir / "list") + "\" | fetch | write csv fields=url to=\"" + (dir / "out") + "\"";
  REQUIRE(run_leat(command(dir, spec)).status == 0);
  write_file(dir / "list", server.url("/ok/1") + "\n" + server.url("/ok/2") + "\n");
  REQUIRE(run_leat(command(dir, spec)).status == 0);
  CHECK(read_file(dir / "out") == "url\n" + server.url("/ok/1") + "\n" + server.url("/ok/2") + "\n");
}

TEST_CASE("state: another spec, a second process and a damaged file are refused, and all is left as it was") {
  const OriginProcess server;
  const TempDir dir;
  const std::string spec = "urls \"" + server.url("/hang/1") + "\" | fetch | write json";
  Process first(binary(command(dir, spec)));
  wait_for_concurrent(server, 1);
  const auto second = run_leat(command(dir, spec));
  CHECK(second.status == 3);
  CHECK(second.err.find("another leat is using it") != std::string::npos);
  first.signal(SIGKILL);
  first.wait();

  const auto other = run_leat(command(dir, spec + " | null"));
  CHECK(other.status != 0);
  const auto another = run_leat(command(dir, "urls \"" + server.url("/ok") + "\" | fetch | write json"));
  CHECK(another.status == 3);
  CHECK(another.err.find("spec") != std::string::npos);

  write_file(dir / "bad", "this is no journal, and stays as it is");
  const auto damaged = run_leat({"run", "-q", "--state", dir / "bad", spec});
  CHECK(damaged.status == 3);
  CHECK(read_file(dir / "bad") == "this is no journal, and stays as it is");
}

TEST_CASE("state: the next run does what SIGINT cancelled, and what failed only with --retry-failed") {
  const OriginProcess server;
  const TempDir dir;
  write_file(dir / "list", server.url("/delay/1500/1") + "\n" + server.url("/ok/1") + "\n" +
                               server.url("/flaky/1/x?status=404") + "\n");
  auto arguments = command(dir, "lines \"" + (dir / "list") + "\" | fetch fail=4xx | write json");
  arguments.insert(arguments.end(), {"--grace", "50ms"});
  Process first(binary(arguments));
  REQUIRE(first.read_line().has_value());
  REQUIRE(first.read_line().has_value());
  first.signal(SIGINT);
  CHECK(first.wait().status == 130);

  const auto second = run_leat(arguments);
  CHECK(second.status == 0);
  const auto lines = json_lines(second.out);
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().number("id") == 1);

  const auto status = run_leat({"run", "--state", dir / "state", "--status"});
  CHECK(status.status == 0);
  CHECK(status.out.find("\"ok\":2,\"failed\":1") != std::string::npos);
  CHECK(status.out.find("\"http_status\":1") != std::string::npos);

  auto retrying = arguments;
  retrying.emplace_back("--retry-failed");
  const auto third = run_leat(retrying);
  CHECK(third.status == 0);
  CHECK(json_lines(third.out).size() == 1);
}

TEST_CASE("state: a frontier that outgrows memory goes through the disk, and each page is fetched once") {
  const OriginProcess server;
  const auto run =
      run_leat({"run", "-q",
                "urls \"" + server.url("/ring/500/0?links=20") +
                    "\" | crawl n=8 frontier=3 next={ extract css=\"a\" attr=href as=meta.links | "
                    "each (.meta.links[]) } | write json"});
  CHECK_MESSAGE(run.status == 0, run.err);
  std::set<std::string> urls;
  const auto lines = json_lines(run.out);
  for (const auto& line : lines) urls.insert(line.text("url"));
  CHECK(lines.size() == 500);
  CHECK(urls.size() == 500);
}

TEST_CASE("state: get continues the same command, and refuses another one with what differs") {
  const OriginProcess server;
  const TempDir dir;
  write_file(dir / "list", server.url("/ok/1") + "\n" + server.url("/status/404") + "\n");
  const std::vector<std::string> arguments{"get", "-q",         "--state",   dir / "state",
                                           "-i",  dir / "list", "--include", "body"};
  CHECK(run_leat(arguments).status == 1);
  auto again = arguments;
  again.insert(again.end(), {"-j", "3"});
  const auto nothing = run_leat(again);
  CHECK(nothing.status == 0);
  CHECK(nothing.out.empty());

  const auto other = run_leat({"get", "-q", "--state", dir / "state", "-i", dir / "list"});
  CHECK(other.status == 3);
  CHECK(other.err.find("--include was \"body\", now it is nothing") != std::string::npos);
  const auto run = run_leat({"run", "-q", "--state", dir / "state", "lines | fetch | write"});
  CHECK(run.status == 3);

  again.emplace_back("--retry-failed");
  CHECK(json_lines(run_leat(again).out).size() == 1);
  const auto status = run_leat({"get", "--state", dir / "state", "--status"});
  CHECK(status.out.find("\"ok\":1,\"failed\":1") != std::string::npos);
  CHECK(status.out.find("\"127.0.0.1\":{\"ended\":2,\"failed\":1}") != std::string::npos);
  CHECK(run_leat({"get", "--status"}).status == 2);
}

TEST_CASE(
    "state: stages with a memory end as in one run, however often they are killed, and then want no more") {
  const OriginProcess server;
  struct Case {
    const char* stages;
    std::size_t ids;
  };
  for (const Case& one :
       {Case{"dedupe | fetch n=8", 150}, Case{"fetch n=8 | dedupe", 150}, Case{"limit 60 | fetch n=4", 60},
        Case{"fetch n=8 | limit 120", 120}, Case{"skip 100 | fetch n=16", 200},
        Case{"fetch n=16 | skip 100", 200}, Case{"fetch n=8 | each (.url, .url) | limit 240", 240}}) {
    CAPTURE(one.stages);
    const TempDir dir;
    std::string list;
    for (int i = 0; i < 300; ++i) list += server.url("/delay/5/" + std::to_string(i % 150)) + "\n";
    write_file(dir / "list", list);
    const auto arguments = command(dir, "lines \"" + (dir / "list") + "\" | " + one.stages + " | write json");
    Finished last;
    const Printed printed = run_killed(arguments, 6, 60ms, last);
    CHECK_MESSAGE(last.status == 0, last.err);
    std::set<double> ids;
    for (const auto& [url, of_url] : printed.ids) ids.insert(of_url.begin(), of_url.end());
    CHECK(ids.size() == one.ids);
    const auto requests = server.stats().requests;
    CHECK(run_leat(arguments).out.empty());
    CHECK(server.stats().requests <= requests + 1);  // one is the request that asks for them
  }
}

TEST_CASE("state: what a limit has left is not begun again, whatever its records came of") {
  const OriginProcess server;
  const std::string list = "expand \"" + server.url("/ok/[1-20]") + "\" | fetch | ";
  const std::string pages = "urls \"" + server.url("/ring/500/0?links=20") + "\" | ";
  for (const std::string& stages :
       {list + "each (.url, .url, .url) | limit 5 | write json", list + "batch n=2 | limit 5 | write json",
        list + "exec seq 9 as=records | limit 5 | write json", list + "limit 5 | write json",
        list + "tee { limit 5 | write json } | null",
        list + "each (empty, error(\"no\")) on-error={ limit 5 | write json } | write json",
        pages + "paginate next=(.url + \"0\") | limit 5 | write json",
        pages +
            "crawl n=8 next={ extract css=\"a\" attr=href as=meta.links | each (.meta.links[]) } | limit 5 "
            "| write json",
        pages +
            "crawl n=8 next={ limit 1 | extract css=\"a\" attr=href as=meta.l | each (.meta.l[0:5][]) } | "
            "write json"}) {
    CAPTURE(stages);
    const TempDir dir;
    const auto arguments = command(dir, stages);
    CHECK(json_lines(run_leat(arguments).out).size() == 5);
    const auto requests = server.stats().requests;
    const auto again = run_leat(arguments);
    CHECK_MESSAGE(again.status == 0, again.err);
    CHECK(again.out.empty());
    CHECK(server.stats().requests <= requests + 1);  // one is the request that asks for them
  }
}

TEST_CASE("state: a sample is the same one after a kill") {
  const OriginProcess server;
  std::string list;
  for (int i = 0; i < 300; ++i) list += server.url("/delay/5/" + std::to_string(i)) + "\n";
  std::set<std::string> urls[2];
  for (const int kills : {0, 5}) {
    const TempDir dir;
    write_file(dir / "list", list);
    Finished last;
    const auto printed = run_killed(
        command(dir, "lines \"" + (dir / "list") + "\" | sample 0.5 seed=7 | fetch n=8 | write json"), kills,
        60ms, last);
    for (const auto& [url, ids] : printed.ids) urls[kills > 0].insert(url);
  }
  CHECK(urls[0].size() > 100);
  CHECK(urls[0] == urls[1]);
}
