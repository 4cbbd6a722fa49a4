// --failed together with --state: the file has each record that has failed and was not done since, once.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "tests/e2e/killed_runs.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"
#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat::tests;

namespace {

std::vector<std::string> sorted(std::vector<std::string> lines) {
  std::sort(lines.begin(), lines.end());
  return lines;
}

/// Answers 503 where the path is in a set that the test changes, else 200.
class Moody {
 public:
  Moody()
      : server_([this](const std::string& head) -> Script {
          const auto begin = head.find(' ') + 1;
          const std::string path = head.substr(begin, head.find(' ', begin) - begin);
          const std::lock_guard lock(mutex_);
          const bool bad = std::find(bad_.begin(), bad_.end(), path) != bad_.end();
          return "HTTP/1.1 " + std::string(bad ? "503 Busy" : "200 OK") +
                 "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        }) {}

  void set_bad(std::vector<std::string> paths) {
    const std::lock_guard lock(mutex_);
    bad_ = std::move(paths);
  }
  [[nodiscard]] std::string url(const std::string& path) const { return server_.url(path); }

 private:
  std::mutex mutex_;
  std::vector<std::string> bad_;
  ScriptedServer server_;  // last, since it uses the others
};

std::vector<std::string> command(const TempDir& dir, std::vector<std::string> more = {}) {
  std::vector<std::string> words{"get",         "-q",       "--retry",    "0",  "--state",
                                 dir / "state", "--failed", dir / "left", "-i", dir / "list"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::vector<std::string> left(const TempDir& dir) { return sorted(lines_of(read_file(dir / "left"))); }

}  // namespace

TEST_CASE(
    "failed with state: what --retry-failed does well leaves the file, what fails again stands there once") {
  Moody server;
  const TempDir dir;
  const std::string flaky = server.url("/flaky");
  const std::string bad = server.url("/bad");
  write_file(dir / "list",
             "# a list\n" + flaky + "\n" + bad + "\n" + server.url("/good") + "\n" + bad + "\n");
  server.set_bad({"/flaky", "/bad"});
  run_leat(command(dir));
  CHECK(left(dir) == sorted({flaky, bad, bad}));
  ::chmod((dir / "left").c_str(), 0600);
  server.set_bad({"/bad"});
  run_leat(command(dir, {"--retry-failed"}));
  CHECK(left(dir) == sorted({bad, bad}));
  struct stat status {};
  CHECK(::stat((dir / "left").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  run_leat(command(dir));  // nothing is done again
  CHECK(left(dir) == sorted({bad, bad}));
  server.set_bad({});
  run_leat(command(dir, {"--retry-failed"}));
  CHECK(left(dir).empty());
  CHECK(dir.names() == std::set<std::string>{"list", "state", "left"});
}

TEST_CASE("failed with state: a line that a kill kept from the file, or from the journal, is put right") {
  Moody server;
  const TempDir dir;
  const std::string one = server.url("/1");
  const std::string two = server.url("/2");
  write_file(dir / "list", one + "\n" + two + "\n");
  server.set_bad({"/1", "/2"});
  run_leat(command(dir));
  write_file(dir / "left", one + "\n" + two.substr(0, two.size() - 1));  // torn
  run_leat(command(dir));
  CHECK(left(dir) == sorted({one, two}));
  write_file(dir / "left", "");
  run_leat(command(dir));
  CHECK(left(dir) == sorted({one, two}));
  server.set_bad({"/1"});
  run_leat(command(dir, {"--retry-failed"}));
  write_file(dir / "left", one + "\n" + two + "\n");  // as before the end of that run
  run_leat(command(dir));
  CHECK(left(dir) == std::vector<std::string>{one});
}

TEST_CASE("failed with state: rows of a table keep their heading, and the file may be a link") {
  Moody server;
  const TempDir dir;
  const std::string row = "\"two\nlines\"," + server.url("/1");
  write_file(dir / "list", "note,url\n" + row + "\nx," + server.url("/2") + "\n");
  write_file(dir / "real", "");
  REQUIRE(::symlink((dir / "real").c_str(), (dir / "left").c_str()) == 0);
  server.set_bad({"/1", "/2"});
  run_leat(command(dir, {"--input-format", "csv"}));
  CHECK(read_file(dir / "real").size() > row.size() + 10);
  server.set_bad({"/1"});
  run_leat(command(dir, {"--input-format", "csv", "--retry-failed"}));
  CHECK(read_file(dir / "real") == "note,url\n" + row + "\n");
  server.set_bad({});
  run_leat(command(dir, {"--input-format", "csv", "--retry-failed"}));
  CHECK(read_file(dir / "real").empty());
  struct stat status {};
  CHECK((::lstat((dir / "left").c_str(), &status) == 0 && S_ISLNK(status.st_mode)));
}

TEST_CASE("failed with state: after any kill, and in the end, each failure stands in the file once") {
  const OriginProcess origin;
  const TempDir dir;
  std::string list;
  std::vector<std::string> bad;
  for (int i = 0; i < 300; ++i) {
    const std::string kind = i % 3 == 0 ? "/status/404/" : "/ok/";
    list += origin.url(kind + std::to_string(i)) + "\n";
    if (i % 3 == 0) bad.push_back(origin.url(kind + std::to_string(i)));
  }
  write_file(dir / "list", list);
  auto words = command(dir);
  words.insert(words.end(), {"-j", "4"});
  for (int round = 0; round < 12; ++round) {
    Process process(binary(words));
    for (int lines = 0; lines < 1 + round * 3 && process.read_line(); ++lines) {
    }
    process.signal(SIGKILL);
    process.wait();
    auto lines = lines_of(read_file(dir / "left"));
    std::sort(lines.begin(), lines.end());
    CHECK(std::adjacent_find(lines.begin(), lines.end()) == lines.end());
  }
  run_leat(words);
  CHECK(left(dir) == sorted(bad));
}
