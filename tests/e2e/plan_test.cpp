#include <doctest/doctest.h>
#include <stdlib.h>

#include <algorithm>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

/// What both print, without the parts that differ from run to run.
std::string same_parts(const std::string& out) {
  static const std::regex kTimes(R"~("(time_[a-z]+|speed_download)":[^,}]*|"(started_at|date)":"[^"]*")~");
  return std::regex_replace(out, kTimes, "");
}

}  // namespace

TEST_CASE("get --plan: leat run does the same work with what it prints, with the same results and files") {
  const OriginProcess server;
  const TempDir dir;
  const std::string url = server.url("");
  write_file(
      dir / "urls",
      url + "/ok/1\n" + url + "/status/404/x\nbad line\n{\"url\":\"" + url +
          "/echo\",\"body\":\"own\",\"meta\":{\"k\":1}}\n{\"url\":\"http://127.0.0.1:1/\",\"mirrors\":[\"" +
          url + "/ok/mirror\"]}\n");
  ::setenv("LEAT_PLAN_USER", "me:hunter2", 1);
  ::setenv("LEAT_PLAN_HEADER", "Authorization: Bearer hunter2", 1);
  const Words list{"-i", dir / "urls", "--order", "input", "--retry", "0"};
  for (const Words& more :
       {Words{}, Words{"-o", dir / "out" + "/{id}-{name}", "--on-exist", "overwrite"},
        Words{"--format", "csv", "--fields", "id,status,error.code,meta.k"},
        Words{"--format", "{id} {status} {{x}}"},
        Words{"-X", "POST", "-d", "a={b}\"\n", "-H", "X-A: {1}", "--include", "body,headers"},
        Words{"-u", "me:hunter2", "-H", "Authorization: Bearer hunter2", "--race", "2", "-j", "4",
              "--threads", "2"}}) {
    Words words = list;
    words.insert(words.end(), more.begin(), more.end());
    CAPTURE(words);
    Words get{"get", "-q"};
    get.insert(get.end(), words.begin(), words.end());
    const auto first = run_leat(get);
    Words plan{"get", "--plan"};
    plan.insert(plan.end(), words.begin(), words.end());
    const auto printed = run_leat(plan);
    REQUIRE(printed.status == 0);
    CHECK(printed.err.empty());
    CHECK(printed.out.find("hunter2") == std::string::npos);
    write_file(dir / "plan.leat", printed.out);
    CHECK(run_leat({"check", "--format", "-f", dir / "plan.leat"}).out == printed.out);
    const auto second = run_leat({"run", "-q", "-f", dir / "plan.leat"});
    CHECK(second.status == first.status);
    CHECK(same_parts(second.out) == same_parts(first.out));
  }
  ::unsetenv("LEAT_PLAN_USER");
  ::unsetenv("LEAT_PLAN_HEADER");
  CHECK(read_file(dir / "out/1-1") == "ok\n");
}

TEST_CASE("get --plan: it does nothing else, and an error is an error here, too") {
  const OriginProcess server;
  const TempDir dir;
  const auto run =
      run_leat({"get", "--plan", "-o", dir / "out/{name}", "--record", dir / "record", server.url("/ok/1")});
  CHECK(run.status == 0);
  CHECK(run.out.find("with --record ") != std::string::npos);
  CHECK(server.requests_of("/ok/1") == 0);
  CHECK(dir.names().empty());
  CHECK(run_leat({"get", "--plan", "--retry", "x", "http://a.org/"}).status == 2);
}

TEST_CASE("get: --format and --fields print rows, objects or text, and refuse what makes no sense") {
  const OriginProcess server;
  const std::string url = server.url("/ok/1");
  CHECK(run_leat({"get", "-q", url, "--format", "csv", "--fields", "status,url"}).out ==
        "status,url\n200," + url + "\n");
  CHECK(run_leat({"get", "-q", url, "--format", "tsv", "--fields", "status,method"}).out ==
        "status\tmethod\n200\tGET\n");
  CHECK(run_leat({"get", "-q", url, "--fields", "status"}).out == "{\"status\":200}\n");
  CHECK(run_leat({"get", "-q", url, "--format", "{status} {body}"}).out == "200 ok\n\n");
  for (const auto& [words, says] : std::vector<std::pair<Words, std::string>>{
           {{"--format", "xml"}, "--format: \"xml\" given; takes auto, text, json, csv, tsv, or a template"},
           {{"--format", "{url"}, "--format: \"{url\": at character 1: "},
           {{"--fields", "status,urll"},
            "--fields: \"status,urll\": at character 8: a record has no field \"urll\""},
           {{"--format", "{url}", "--fields", "url"}, "--fields: --format is a template"},
           {{"--format", "{url}", "--include", "body"}, "--include: --format is a template"}}) {
    Words get{"get", url};
    get.insert(get.end(), words.begin(), words.end());
    const auto run = run_leat(get);
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.err.find("leat get: " + says) == 0);
  }
}
