// Hosts that want to be left alone, and hosts that have disappeared.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/json_line.hpp"
#include "tests/support/origin_process.hpp"
#include "tests/support/process.hpp"

using namespace leat::tests;

namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

double seconds_of(const std::vector<std::string>& arguments, const std::string& input, std::string& out) {
  const auto begin = std::chrono::steady_clock::now();
  out = run_leat(arguments, input).out;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE(
    "politeness: a host that says when to come back is parked alone, and its records show how long they "
    "waited") {
  const OriginProcess server({"--host", "127.0.0.1", "--host", "127.0.0.9"});
  std::string input;
  for (int i = 0; i < 5; ++i) {
    input += "http://127.0.0.9:" + std::to_string(server.port()) + "/flaky/1/once?status=429&retry-after=2\n";
  }
  for (int i = 0; i < 60; ++i) input += server.url("/ok/" + std::to_string(i)) + "\n";
  const auto run =
      run_leat({"get", "-j", "4", "--per-host", "1", "--retry", "5", "--progress", "json"}, input);
  CHECK(run.status == 0);
  const auto lines = json_lines(run.out);
  REQUIRE(lines.size() == 65);
  for (std::size_t i = 0; i < 60; ++i) CHECK(holds(lines[i].text("url"), "127.0.0.1"));
  for (std::size_t i = 60; i < 65; ++i) CHECK(lines[i].number("time_queue") > 1.9);
  CHECK(holds(run.err, "\"parked_hosts\":1"));
}

TEST_CASE("politeness: --host-errors skips the rest of a dead host's records, says why, and lists the host") {
  const OriginProcess server({"--host", "127.0.0.1", "--host", "127.0.0.9"});
  std::string input;
  for (int i = 0; i < 50; ++i) {
    input += "http://127.0.0.9:" + std::to_string(server.port()) + "/status/500/" + std::to_string(i) + "\n";
    input += server.url("/ok/" + std::to_string(i)) + "\n";
  }
  const auto run = run_leat({"get", "-j", "1", "--retry", "0", "--host-errors", "3"}, input);
  CHECK(run.status == 1);
  int ok = 0;
  int failed = 0;
  int skipped = 0;
  for (const auto& line : json_lines(run.out)) {
    const std::string outcome = line.text("outcome");
    ok += outcome == "ok" ? 1 : 0;
    failed += outcome == "failed" ? 1 : 0;
    if (outcome != "skipped") continue;
    ++skipped;
    CHECK(line.error_code() == "http_status");
    CHECK(holds(line.error_message(), "3 times in a row"));
  }
  CHECK(ok == 50);
  CHECK(failed == 3);
  CHECK(skipped == 47);
  CHECK(holds(run.err, "given up"));
  CHECK(holds(run.err, "127.0.0.9"));
  CHECK(holds(run.err, "×47"));
}

TEST_CASE(
    "politeness: --host-errors counts failures in a row, but not those in which the server has no part") {
  const OriginProcess server;
  std::string input;
  for (int i = 0; i < 10; ++i) {
    input += server.url("/status/500/x") + "\n" + server.url("/status/500/x") + "\n" +
             server.url("/status/404/x") + "\n";
  }
  const auto mixed = run_leat({"get", "-j", "1", "--retry", "0", "--host-errors", "3"}, input);
  CHECK_FALSE(holds(mixed.out, "\"skipped\""));
  const auto refused =
      run_leat({"get", "-j", "1", "--retry", "0", "--host-errors", "2", "http://127.0.0.1:1/a",
                "http://127.0.0.1:1/b", "http://127.0.0.1:1/c", server.url("/ok")});
  CHECK(json_lines(refused.out).at(2).text("outcome") == "skipped");
  CHECK(json_lines(refused.out).at(2).error_code() == "connect_refused");
  CHECK(json_lines(refused.out).at(3).text("outcome") == "ok");
}

TEST_CASE("politeness: a record whose host is given up uses its mirror") {
  const OriginProcess server;
  std::string input = "http://127.0.0.1:1/a\nhttp://127.0.0.1:1/b\n";
  input += "{\"url\":\"http://127.0.0.1:1/c\",\"mirrors\":[\"" + server.url("/ok/c") + "\"]}\n";
  const auto run = run_leat({"get", "-j", "1", "--retry", "0", "--host-errors", "2"}, input);
  CHECK(json_lines(run.out).at(2).text("outcome") == "ok");
}

TEST_CASE("politeness: hosts that answer 429 do not slow down the others") {
  const OriginProcess server({"--host", "127.0.0.1", "--host", "127.0.0.9"});
  std::string polite;
  std::string mixed;
  for (int i = 0; i < 300; ++i) {
    const std::string url = server.url("/delay/20/" + std::to_string(i)) + "\n";
    polite += url;
    mixed += url;
    if (i % 9 == 0) {
      mixed +=
          "http://127.0.0.9:" + std::to_string(server.port()) + "/flaky/4/busy?status=429&retry-after=2\n";
    }
  }
  std::string out;
  const double alone = seconds_of({"get", "-q", "-j", "16"}, polite, out);
  CHECK(lines_of(out).size() == 300);
  seconds_of({"get", "-q", "-j", "16"}, mixed, out);
  double last = 0;  // the time at which the last of the others was done, in seconds from the start of the run
  for (const auto& line : json_lines(out)) {
    if (holds(line.text("url"), "127.0.0.9")) continue;
    last = std::max(last, line.number("time_queue") + line.number("time_total"));
  }
  CHECK(alone < 3);
  CHECK(last < 2);  // not after the first two seconds, in which only they could run
}
