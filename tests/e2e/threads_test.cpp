#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/concurrent.hpp"
#include "tests/support/json_line.hpp"
#include "tests/support/origin/pattern.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;
using namespace std::chrono_literals;

namespace {

std::string urls(const OriginProcess& server, const std::string& path, int count) {
  std::string list;
  for (int i = 0; i < count; ++i) list += server.url(path + std::to_string(i)) + "\n";
  return list;
}

void check_each_once(const std::vector<JsonLine>& lines, int count) {
  REQUIRE(static_cast<int>(lines.size()) == count);
  std::set<int> ids;
  for (const auto& line : lines) ids.insert(static_cast<int>(line.number("id")));
  CHECK(static_cast<int>(ids.size()) == count);
  CHECK(*ids.begin() == 1);
  CHECK(*ids.rbegin() == count);
}

std::size_t count_of(const std::vector<JsonLine>& lines, const std::string& outcome) {
  std::size_t count = 0;
  for (const auto& line : lines) count += line.text("outcome") == outcome ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("threads: every line of a list has its result, once, with every field") {
  const OriginProcess server;
  const auto run = run_leat({"get", "--threads", "2", "-j", "64"}, urls(server, "/size/4096/", 2000));
  CHECK(run.status == 0);
  CHECK(run.err.find("2000 ok + 0 failed + 0 skipped + 0 not modified + 0 cancelled = 2000 in") !=
        std::string::npos);
  const auto lines = json_lines(run.out);
  check_each_once(lines, 2000);
  for (const auto& line : lines) {
    REQUIRE(line.text("outcome") == "ok");
    REQUIRE(line.number("id") == line.number("line"));
    REQUIRE(line.text("url").ends_with("/" + std::to_string(static_cast<int>(line.number("id")) - 1)));
    REQUIRE(line.text("url_effective") == line.text("url"));
    REQUIRE(line.number("status") == 200);
    REQUIRE(line.text("http_version") == "1.1");
    REQUIRE(line.text("content_type") == "application/octet-stream");
    REQUIRE(line.number("size_download") == 4096);
    REQUIRE(line.text("remote_ip") == "127.0.0.1");
    REQUIRE(line.number("remote_port") == server.port());
    REQUIRE(line.number("time_total") > 0);
    REQUIRE(line.is_null("error"));
  }
  CHECK(server.stats().requests == 2000);
  CHECK(server.stats().peak <= 64);
}

TEST_CASE("threads: -j, --per-host and --rate hold for all threads together") {
  const OriginProcess one;
  const OriginProcess two;
  const auto run = run_leat({"get", "-q", "--threads", "4", "-j", "10", "--per-host", "6"},
                            urls(one, "/delay/20/", 60) + urls(two, "/delay/20/", 60));
  CHECK(run.status == 0);
  CHECK(one.stats().peak <= 6);
  CHECK(two.stats().peak <= 6);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(run_leat({"get", "-q", "--threads", "4", "--rate", "50/s"}, urls(one, "/ok/", 40)).status == 0);
  CHECK(std::chrono::steady_clock::now() - begin >= 700ms);
}

TEST_CASE("threads: bodies are saved completely, and are shown with --include") {
  const OriginProcess server;
  const TempDir dir;
  const auto run =
      run_leat({"get", "-q", "--threads", "3", "-j", "16", "--include", "body", "-O", dir.path()},
               urls(server, "/size/100K/", 60));
  CHECK(run.status == 0);
  std::string expected(100 * 1024, '\0');
  for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = leat::origin::pattern_byte(i);
  for (int i = 0; i < 60; ++i) {
    CAPTURE(i);
    REQUIRE(read_file(dir / std::to_string(i)) == expected);
  }
  for (const auto& line : json_lines(run.out)) REQUIRE(line.text("filename").starts_with(dir.path()));
}

TEST_CASE("threads: failures, retries and redirects are the same as with one thread") {
  const OriginProcess server;
  const std::string list = urls(server, "/flaky/1/again?retry-after=0&k=", 20) +
                           urls(server, "/status/404/", 20) + urls(server, "/redirect/3/", 20) +
                           urls(server, "/truncate/10/100/", 20);
  const auto run = run_leat({"get", "-q", "--threads", "2", "--retry", "2", "--retry-max-time", "2s"}, list);
  CHECK(run.status == 1);
  const auto lines = json_lines(run.out);
  check_each_once(lines, 80);
  for (const auto& line : lines) {
    const int id = static_cast<int>(line.number("id"));
    CAPTURE(id);
    if (id <= 20) {
      CHECK(line.text("outcome") == "ok");
    } else if (id <= 40) {
      CHECK(line.error_code() == "http_status");
    } else if (id <= 60) {
      CHECK(line.number("num_redirects") == 3);
    } else {
      CHECK(line.error_code() == "truncated");
    }
  }
}

TEST_CASE("threads: --order input puts the results of all threads in order") {
  const OriginProcess server;
  std::string list;
  for (int i = 0; i < 200; ++i) {
    list += server.url("/delay/" + std::to_string(i * 37 % 40) + "/" + std::to_string(i)) + "\n";
  }
  const auto run = run_leat({"get", "-q", "--threads", "2", "-j", "32", "--order", "input"}, list);
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  check_each_once(lines, 200);
  for (std::size_t i = 0; i < lines.size(); ++i) REQUIRE(lines[i].number("id") == i + 1);
}

TEST_CASE("threads: a signal in the middle accounts for every record that was read") {
  const OriginProcess server;
  const std::string grace = "100ms";
  Process process({LEAT_BINARY, "get", "--threads", "2", "-j", "64", "--grace", grace});
  process.write(urls(server, "/ok/", 200) + urls(server, "/hang/", 300));
  process.close_input();
  std::vector<JsonLine> lines;
  for (int i = 0; i < 200; ++i) {
    const auto line = process.read_line();
    REQUIRE(line.has_value());
    lines.emplace_back(*line);
  }
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(run.status == 130);
  for (auto& line : json_lines(run.out)) lines.push_back(std::move(line));
  CHECK(count_of(lines, "ok") == 200);
  CHECK(count_of(lines, "cancelled") == lines.size() - 200);
  CHECK(run.err.find(std::to_string(lines.size()) + " in;") != std::string::npos);
}

TEST_CASE("threads: a reader that has seen enough ends the run without an error") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "--threads", "2", "-j", "64"});
  process.write(urls(server, "/ok/", 50) + urls(server, "/hang/", 64));
  for (int i = 0; i < 3; ++i) REQUIRE(process.read_line().has_value());
  process.close_output();
  const auto run = process.wait();
  CHECK(run.status == 0);
  CHECK(run.err.empty());
}

TEST_CASE("threads: --limit-rate keeps all threads together at the rate") {
  const OriginProcess server;
  const TempDir dir;
  const auto begin = std::chrono::steady_clock::now();
  const auto run = run_leat({"get", "-q", "--threads", "4", "--limit-rate", "1M", "-O", dir.path()},
                            urls(server, "/size/50K/", 16));
  CHECK(run.status == 0);
  CHECK(std::chrono::steady_clock::now() - begin >= 600ms);
  for (int i = 0; i < 16; ++i) CHECK(read_file(dir / std::to_string(i)).size() == 50 * 1024);
}

TEST_CASE("threads: SIGUSR1 shows the transfers of each thread") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-q", "--threads", "2", "-j", "16", "--grace", "0"});
  process.write(server.url("/ok/x") + "\n");  // only four would be sent to a host that has never answered
  REQUIRE(process.read_line().has_value());
  process.write(urls(server, "/hang/", 16));
  wait_for_concurrent(server, 16);
  process.signal(SIGUSR1);
  CHECK(
      process.wait_for_error("THREAD            TRANSFERS\n"
                             "1                         8\n"
                             "2                         8\n"));
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(run.status == 130);
  CHECK(count_of(json_lines(run.out), "cancelled") == 16);
}

TEST_CASE("threads: --debug has nothing to report about a good run") {
  const OriginProcess server;
  const auto run = run_leat({"get", "-q", "--threads", "2", "--debug", "--slow-callback", "10s"},
                            urls(server, "/ok/", 500));
  CHECK(run.status == 0);
  CHECK(run.err.empty());
}

TEST_CASE("threads: few descriptors mean fewer threads, not failures") {
  const OriginProcess server;
  const auto run =
      run_process({"/bin/sh", "-c", "ulimit -n 64; exec " LEAT_BINARY " get -q --threads 64 -j 64"},
                  urls(server, "/ok/", 200));
  CHECK(run.status == 0);
  CHECK(count_of(json_lines(run.out), "ok") == 200);
}

TEST_CASE("threads: a number that makes no sense is a usage error") {
  for (const char* number : {"0", "65", "-1", "two", "1.5", ""}) {
    CAPTURE(number);
    const auto run = run_leat({"get", "--threads", number, "http://127.0.0.1:1/"});
    CHECK(run.status == 2);
    CHECK(run.err.find("--threads") != std::string::npos);
    CHECK(run.err.find("1 to 64") != std::string::npos);
    CHECK(run.out.empty());
  }
}
