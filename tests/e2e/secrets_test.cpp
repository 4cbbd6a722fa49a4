#include <doctest/doctest.h>
#include <signal.h>
#include <stdlib.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

class Environment {
 public:
  explicit Environment(const std::string& value) { ::setenv("LEAT_TEST_LEAK", value.c_str(), 1); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() { ::unsetenv("LEAT_TEST_LEAK"); }
};

std::string with(std::string text, const std::string& what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// Every file below the directory, with its name and content.
std::string all_of(const TempDir& directory) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory.path())) {
    all += entry.path().string() + "\n";
    if (entry.is_regular_file()) all += read_file(entry.path()) + "\n";
  }
  return all;
}

void check_unseen(const std::string& secret, const Finished& run, const TempDir& directory) {
  CAPTURE(run.err);
  CHECK_MESSAGE(run.out.find(secret) == std::string::npos, run.out);
  CHECK(run.err.find(secret) == std::string::npos);
  CHECK(all_of(directory).find(secret) == std::string::npos);
}

// The secret is in a header, a URL, a body, a user, in meta, in what a command prints and in its errors, in
// messages of jq, in templates, and in URLs that fail.
constexpr const char* kSpec =
    "let leak = secret:LEAT_TEST_LEAK; "
    "urls $O/echo | set meta.token=\"{secret:LEAT_TEST_LEAK}\" meta.own=$leak "
    "| fetch method=POST body=\"body {secret:LEAT_TEST_LEAK}\" header=\"X-Token: {secret:LEAT_TEST_LEAK}\" "
    "user=$leak retry=0 "
    "| tee { write \"{url} {meta.token} {secret:LEAT_TEST_LEAK}\" to=\"$D/t.txt\" } "
    "| tee { write csv fields=url,meta.token,body to=\"$D/t.csv\" } "
    "| tee { count by=(.meta.token) to=\"$D/count\" } "
    "| tee { exec echo $leak | write json fields=meta to=\"$D/exec\" } "
    "| tee { exec sh -c \"echo $0 >&2; exit 3\" $leak | write json to=\"$D/exec.failed\" } "
    "| tee { where (error(.meta.token|ascii_downcase)) | write json to=\"$D/jq.failed\" } "
    "| tee { fetch url=\"http://127.0.0.1:1/{meta.token}\" retry=0 | write json to=\"$D/refused\" } "
    "| tee { write \"{meta.nosuch}\" } "
    "| fetch url=\"$O/delay/400/{secret:LEAT_TEST_LEAK}\" method=GET "
    "| write json include=body,headers";

}  // namespace

TEST_CASE("secrets: no output, file, journal, recording, log, plan, progress line or table shows a secret") {
  const OriginProcess server;
  for (const std::string secret : {"hunter2leak", "hun\"ter\\leak"}) {
    CAPTURE(secret);
    const Environment environment(secret);
    const TempDir directory;
    const std::string spec = with(with(kSpec, "$O", server.url("")), "$D", directory.path());
    for (const bool plain : {true, false}) {
      Process process({LEAT_BINARY, "run", "-v", "--debug", "--slow-callback", "1us", "--progress",
                       plain ? "plain" : "json", "--state", directory / (plain ? "state1" : "state2"),
                       "--record", directory / (plain ? "record1" : "record2"), spec});
      CHECK(process.wait_for_error("leat run"));
      process.signal(SIGUSR1);
      const auto run = process.wait();
      CHECK(run.out.find("***") != std::string::npos);
      check_unseen(secret, run, directory);
    }
    check_unseen(secret, run_leat({"check", spec}), directory);
    check_unseen(secret, run_leat({"check", "--format", spec}), directory);
    check_unseen(secret, run_leat({"check", spec + " | nosuch"}), directory);
    check_unseen(secret, run_leat({"run", "--state", directory / "state1", "--status", spec}), directory);
    check_unseen(
        secret,
        run_leat({"run", "--set", "leak=secret:LEAT_TEST_LEAK", "--replay", directory / "record1", spec}),
        directory);
  }
}

TEST_CASE("secrets: a secret with a filter behind it is seen neither as it is nor as the filter writes it") {
  const OriginProcess server;
  const Environment environment("hun\"ter,Leak");
  const TempDir directory;
  const std::string spec =
      with(with("urls $O/echo | set meta.b=\"{secret:LEAT_TEST_LEAK|base64}\" "
                "meta.c=\"{secret:LEAT_TEST_LEAK|csv}\" "
                "| fetch method=POST body=\"{secret:LEAT_TEST_LEAK|uri}\" "
                "header=\"X-Slug: {secret:LEAT_TEST_LEAK|slug}\" retry=0 "
                "| tee { write \"{url} {secret:LEAT_TEST_LEAK|base64}\" to=\"$D/t.txt\" } "
                "| tee { write csv fields=url,meta.b,meta.c,body to=\"$D/t.csv\" } "
                "| tee { exec sh -c \"echo $0 >&2; exit 3\" \"{secret:LEAT_TEST_LEAK|base64}\" "
                "| write json to=\"$D/exec\" } "
                "| tee { fetch url=\"http://127.0.0.1:1/{secret:LEAT_TEST_LEAK|base64}\" retry=0 "
                "| write json to=\"$D/refused\" } "
                "| write json include=body,headers",
                "$O", server.url("")),
           "$D", directory.path());
  const auto run = run_leat({"run", "-v", "--debug", "--progress", "json", "--state", directory / "state",
                             "--record", directory / "record", spec});
  CHECK(run.out.find("***") != std::string::npos);
  CHECK(read_file(directory / "refused").find("connect_refused") != std::string::npos);
  for (const char* form : {"hun\"ter", "hun\\\"ter", "aHVuInRlcixMZWFr", "hun\"\"ter", "hun\\\"\\\"ter",
                           "hun%22ter", "hun-ter-leak"}) {
    CAPTURE(form);
    check_unseen(form, run, directory);
    check_unseen(form, run_leat({"check", spec}), directory);
  }
}

TEST_CASE("secrets: what is secret in the text of a spec stands in no message, plan or journal") {
  const TempDir dir;
  const OriginProcess origin;
  const std::string secret = "written-into-it";
  const auto spec = [&origin](const std::string& value, const std::string& more) {
    return "urls " + origin.url("/ok/x") + " | set header.X-Api-Key=" + value + " | fetch bearer=" + value +
           " header=\"Cookie: a=" + value + "\"" + more;
  };
  for (const char* fault : {" nosuch=1", " | where (.status ==)", " \"unclosed"}) {
    const auto run = run_leat({"check", spec(secret, fault)});
    CAPTURE(run.err);
    CHECK(run.status == 2);
    CHECK(run.err.find(secret) == std::string::npos);
  }
  CHECK(run_leat({"check", spec(secret, "")}).out.find(secret) == std::string::npos);
  CHECK(run_leat({"run", "--state", dir / "run.db", spec(secret, " | null")}).status == 0);
  CHECK(all_of(dir).find(secret) == std::string::npos);
  CHECK(run_leat({"run", "--state", dir / "run.db", spec(secret, " | null")}).status == 0);
  const auto other = run_leat({"run", "--state", dir / "run.db", spec("another-secret-", " | null")});
  CHECK(other.status == 3);
  CHECK(other.err.find("another-secret-") == std::string::npos);
}

TEST_CASE("secrets: the message about a wrong argument does not show its secret") {
  const Environment environment("hunter2leak");
  for (const std::string spec :
       {"lines | fetch n=secret:LEAT_TEST_LEAK", "lines | where secret:LEAT_TEST_LEAK",
        "lines | extract css=secret:LEAT_TEST_LEAK xpath=secret:LEAT_TEST_LEAK",
        "lines | fetch timeout=secret:LEAT_TEST_LEAK", "lines | fetch header=secret:LEAT_TEST_LEAK",
        "let x = secret:LEAT_TEST_LEAK; lines | limit $x", "lines | save \"{secret:LEAT_TEST_LEAK\"",
        "lines | set meta.a=\"{secret:LEAT_TEST_LEAK} {nosuch(}\"", "lines secret:LEAT_TEST_LEAK x"}) {
    CAPTURE(spec);
    const auto run = run_leat({"check", spec});
    CHECK(run.out.find("hunter2") == std::string::npos);
    CHECK(run.err.find("hunter2") == std::string::npos);
  }
}

TEST_CASE(
    "secrets: no journal, note of a .part, list of tasks or progress contains userinfo or credentials") {
  const OriginProcess server;
  const std::string at = "hunter2leak@127.0.0.1:" + std::to_string(server.port());
  for (const std::string kind : {"bar", "plain", "json"}) {
    CAPTURE(kind);
    const TempDir directory;
    Process process({LEAT_BINARY,    "get",
                     "-v",           "--debug",
                     "--progress",   kind,
                     "--retry",      "0",
                     "--grace",      "50ms",
                     "--state",      directory / "state",
                     "--record",     directory / "record",
                     "-O",           directory / "files",
                     "-u",           "me:hunter2leak",
                     "-H",           "Authorization: Bearer hunter2leak",
                     "-b",           "session=hunter2leak",
                     "--proxy-user", "me:hunter2leak"});
    process.write("http://me:" + at + "/ok/x\nhttp://me:" + at + "/status/404\n{\"url\":\"http://me:" + at +
                  "/ok/y\",\"headers\":{\"X-Token\":\"hunter2leak\"}}\n");
    for (int i = 0; i < 3; ++i) REQUIRE(process.read_line().has_value());
    // This transfer has begun, so there is a .part with a note, a slowest transfer, and a task.
    process.write("http://me:" + at + "/range/3000000/" + kind + "/z.bin?cut=2000000&times=1&then=hang\n");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!std::filesystem::exists(directory / "files/z.bin.part.resume") &&
           std::chrono::steady_clock::now() < deadline)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    process.signal(SIGUSR1);
    REQUIRE(process.wait_for_error("QUEUE"));
    REQUIRE(std::filesystem::exists(directory / "files/z.bin.part.resume"));
    CHECK(all_of(directory).find("hunter2leak") == std::string::npos);
    process.signal(SIGINT);
    const auto run = process.wait();
    CHECK(run.status == 130);
    check_unseen("hunter2leak", run, directory);
    check_unseen("hunter2leak", run_leat({"get", "--state", directory / "state", "--status"}), directory);
  }
}
