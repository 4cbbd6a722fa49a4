#include <doctest/doctest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

std::string everything_in(const std::string& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
    all += entry.path().string() + "\n";
    if (entry.is_regular_file()) all += read_file(entry.path());
  }
  return all;
}

Finished run_with(const std::string& flag, const std::string& directory, const std::string& spec,
                  const std::string& input = "") {
  return run_leat({"run", "-q", flag, directory, spec}, input);
}

std::string all_kinds(const OriginProcess& origin) {
  std::string list;
  for (const char* path : {"/ok/1", "/delay/60/x", "/redirect/2/x", "/status/404", "/flaky/2/k?retry-after=0",
                           "/truncate/10/100/x", "/empty/x", "/size/200000/bytes-that-are-no-text", "/ok/1",
                           "/chunked/5000/x", "/gzip/3000/x"}) {
    list += origin.url(path) + "\n";
  }
  return list + "http://127.0.0.1:1/refused\n";
}

}  // namespace

TEST_CASE("replay: without a network the same bytes come out, with failures and times in the same order") {
  const std::string ring =
      "crawl n=8 next={ extract css=\"a\" attr=href as=meta.links | each (.meta.links[]) }";
  const std::vector<std::string> specs{
      "lines | fetch n=1 retry=0 | write include=body,headers",
      "lines | fetch n=1 retry=2 | write include=body,headers",
      "lines | fetch n=8 retry=2 | write",
      "lines | fetch n=8 retry=2 | ordered | write",
      "lines | fetch n=8 retry=1 | fetch n=4 retry=1 | write",
      "lines | each ({url: (.url + \"/a\")}, {url: (.url + \"/b\")}) | fetch n=8 retry=0 | write",
      "lines | fetch n=8 retry=0 on-error={ write to=\"/dev/null\" } | where (.status != 404) | write",
      "lines | fetch n=8 retry=0 | limit 5 | write",
      "lines | fetch n=8 retry=0 | hash n=4 | rate 500/s key=(.status) | write",
      "lines | " + ring + " | write",
  };
  for (const std::string& spec : specs) {
    CAPTURE(spec);
    const TempDir dir;
    std::optional<OriginProcess> origin(std::in_place);
    const std::string input = all_kinds(*origin) + origin->url("/ring/60/0?links=6") + "\n" +
                              origin->url("/ring/60/9?links=6") + "\nno url at all\nftp://a.org/\n";
    const auto recorded = run_with("--record", dir / "r", spec, input);
    origin.reset();
    CHECK(lines_of(recorded.out).size() >= 5);
    for (const char* progress : {"off", "plain"}) {
      const auto replayed = run_leat({"run", "--progress", progress, "--replay", dir / "r", spec}, input);
      CHECK(replayed.out == recorded.out);
      CHECK(replayed.status == recorded.status);
    }
  }
}

TEST_CASE("replay: a changed spec gets the answers that are there, even if the input stays open") {
  const TempDir dir;
  std::string first;
  std::string last;
  {
    const OriginProcess origin;
    first = origin.url("/delay/50/1") + "\n";
    last = origin.url("/ok/2") + "\n";
    const auto recorded = run_with("--record", dir / "r", "lines | fetch | write", last + first);
    REQUIRE(lines_of(recorded.out).size() == 2);
  }
  // The record that has number 1 in the recording is dropped before the fetch; the other must not wait for
  // it.
  Process process({LEAT_BINARY, "run", "-q", "--replay", dir / "r",
                   "lines | where (.url | test(\"delay\")) | fetch | write \"{status}\""});
  process.write(last + first);
  CHECK(process.read_line().value_or("") == "200");
  process.close_input();
  CHECK(process.wait().status == 0);
}

TEST_CASE("replay: pages and what is fetched because of them come out the same") {
  const TempDir dir;
  std::optional<OriginProcess> origin(std::in_place);
  const std::string spec = "urls \"" + origin->url("/json/items?per=3&pages=4") + "\" \"" +
                           origin->url("/json/items?per=2&pages=6") +
                           "\" | paginate next=(.json.next) | each (.json.items[].url) | fetch n=4 | write";
  const auto recorded = run_with("--record", dir / "r", spec);
  origin.reset();
  CHECK(lines_of(recorded.out).size() == 24);
  CHECK(run_with("--replay", dir / "r", spec).out == recorded.out);
}

TEST_CASE("replay: a request that was not recorded fails as not_recorded, at once and without a retry") {
  const TempDir dir;
  std::string known;
  {
    const OriginProcess origin;
    known = origin.url("/ok/1");
    CHECK(run_with("--record", dir / "r", "lines | fetch | write", known).status == 0);
  }
  const auto run = run_with("--replay", dir / "r", "lines | fetch n=1 | write", known + "\n" + known + "2\n");
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].text("outcome") == "ok");
  CHECK(lines[1].error_code() == "not_recorded");
  CHECK(lines[1].number("num_retries") == 0);
}

TEST_CASE("replay: the answers of one URL come back in their order") {
  const TempDir dir;
  std::optional<OriginProcess> origin(std::in_place);
  const std::string url = origin->url("/flaky/1/k") + "\n";
  const std::string spec = "lines | fetch n=1 retry=0 | write \"{status}\"";
  CHECK(run_with("--record", dir / "r", spec, url + url).out == "503\n200\n");
  origin.reset();
  CHECK(run_with("--replay", dir / "r", spec, url + url).out == "503\n200\n");
}

TEST_CASE("record: no file contains a secret, not even if the server sends it back") {
  const TempDir dir;
  const std::string secret = "hunter2-secret";
  REQUIRE(::setenv("REPLAY_TEST_TOKEN", secret.c_str(), 1) == 0);
  std::optional<OriginProcess> origin(std::in_place);
  const std::string spec =
      "lines | fetch user=me:other-password header=\"X-Mine: {secret:REPLAY_TEST_TOKEN}\" "
      "| write include=body,headers";
  const std::string input = origin->url("/headers/x") + "\n" + origin->url("/echo/?k=" + secret) + "\n";
  const auto recorded = run_with("--record", dir / "r", spec, input);
  origin.reset();
  CHECK(recorded.status == 0);
  const std::string kept = everything_in(dir / "r");
  CHECK(kept.find("(secret 1)") != std::string::npos);
  for (const char* text : {"hunter2-secret", "other-password", "bWU6b3RoZXItcGFzc3dvcmQ="}) {
    CAPTURE(text);
    CHECK(kept.find(text) == std::string::npos);
  }
  CHECK(run_with("--replay", dir / "r", spec, input).out == recorded.out);
}

TEST_CASE("record: a killed run leaves every exchange that was complete by then") {
  const TempDir dir;
  std::string url;
  {
    const OriginProcess origin;
    url = origin.url("/ok/1");
    Process process({LEAT_BINARY, "run", "-q", "--record", dir / "r", "lines | fetch | write"});
    process.write(url + "\n" + origin.url("/hang/x") + "\n");
    REQUIRE(process.read_line().has_value());
    process.signal(SIGKILL);
    process.wait();
  }
  const auto run = run_with("--replay", dir / "r", "lines | fetch | write", url + "\n");
  CHECK(run.status == 0);
  CHECK(json_lines(run.out).size() == 1);
}

TEST_CASE("replay: a directory without a recording, or both options, are wrong usage") {
  const TempDir dir;
  for (const std::vector<std::string>& options :
       {std::vector<std::string>{"--replay", dir / "none"},
        std::vector<std::string>{"--replay", dir / "none", "--record", dir / "r"}}) {
    std::vector<std::string> arguments{"run"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.emplace_back("urls http://127.0.0.1:1/ | fetch | write");
    const auto run = run_leat(arguments);
    CHECK(run.status == 2);
    CHECK(run.out.empty());
    CHECK(run.err.find("--record") != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(dir / "r"));
}

TEST_CASE("replay: a recording whose lists were cut or edited since is refused, and the list is named") {
  const TempDir dir;
  OriginProcess origin;
  const std::string spec = "lines | fetch n=4 retry=0 | write";
  const std::string list =
      origin.url("/ok/1") + "\n" + origin.url("/ok/2") + "\n" + origin.url("/ok/3") + "\n";
  REQUIRE(run_with("--record", dir / "r", spec, list).status == 0);
  std::vector<std::string> lists{dir / "r/makers"};
  for (const auto& entry : std::filesystem::directory_iterator(dir / "r/sequences"))
    lists.push_back(entry.path().string());
  CHECK(lists.size() > 1);
  for (const auto& path : lists) {
    CAPTURE(path);
    const std::string whole = read_file(path);
    const std::string cut = whole.substr(0, whole.find('\n') + 1);
    for (const std::string& text : {cut, whole + cut}) {
      write_file(path, text);
      const auto replayed = run_with("--replay", dir / "r", spec, list);
      CHECK(replayed.status == 3);
      CHECK(replayed.out.empty());
      CHECK(replayed.err.find(path) != std::string::npos);
      CHECK(replayed.err.find("the recording is damaged") != std::string::npos);
    }
    write_file(path, whole);
  }
  CHECK(run_with("--replay", dir / "r", spec, list).status == 0);
}
