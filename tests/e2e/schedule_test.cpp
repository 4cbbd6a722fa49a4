#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <string>

#include "tests/support/black_hole.hpp"
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

template <class Fn>
double seconds_of(Fn&& fn) {
  const auto begin = std::chrono::steady_clock::now();
  fn();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

TEST_CASE("schedule: --per-host caps each origin, and -j all of them") {
  const OriginProcess one;
  const OriginProcess two;
  const auto run = run_leat({"get", "-j", "10", "--per-host", "3"},
                            urls(one, "/delay/40/", 30) + urls(two, "/delay/40/", 30));
  CHECK(run.status == 0);
  CHECK(one.stats().peak == 3);
  CHECK(two.stats().peak == 3);
}

TEST_CASE("schedule: a slow host at the start of the list does not delay the others") {
  const OriginProcess slow;
  const OriginProcess quick;
  Process process({LEAT_BINARY, "get", "-q", "-j", "4", "--per-host", "2"});
  process.write(urls(slow, "/hang/", 200) + urls(quick, "/ok/", 50));
  for (int i = 0; i < 50; ++i) {
    const auto line = process.read_line();
    REQUIRE(line.has_value());
    CHECK(JsonLine(*line).number("remote_port") == quick.port());
  }
  CHECK(slow.stats().peak == 2);
}

TEST_CASE("schedule: a host that accepts no connection does not delay the others") {
  const BlackHole dead;
  const OriginProcess alive;
  std::string list;
  for (int i = 0; i < 990; ++i) list += dead.url("/" + std::to_string(i)) + "\n";
  Process process({LEAT_BINARY, "get", "-q", "-j", "1000", "--connect-timeout", "60s"});
  process.write(list + urls(alive, "/ok/", 50));
  for (int i = 0; i < 50; ++i) {
    const auto line = process.read_line();
    REQUIRE(line.has_value());
    CHECK(JsonLine(*line).number("remote_port") == alive.port());
  }
}

TEST_CASE("schedule: a host that sends Retry-After is left alone until then, and the others run on") {
  const OriginProcess busy;
  const OriginProcess free;
  const std::string first = busy.url("/flaky/1/x?status=429&retry-after=1") + "\n";
  Process process({LEAT_BINARY, "get", "-q", "-j", "2", "--per-host", "1"});
  process.write(first + urls(busy, "/ok/", 5) + urls(free, "/ok/", 20));
  process.close_input();
  const auto begin = std::chrono::steady_clock::now();
  int of_free = 0;
  int of_busy = 0;
  while (const auto text = process.read_line()) {
    const JsonLine line(*text);
    CHECK(line.text("outcome") == "ok");
    if (line.number("remote_port") == free.port()) {
      ++of_free;
      CHECK(of_busy == 0);
    } else {
      ++of_busy;
      CHECK(std::chrono::steady_clock::now() - begin > 900ms);
    }
  }
  CHECK(of_free == 20);
  CHECK(of_busy == 6);
  CHECK(process.wait().status == 0);
}

TEST_CASE("schedule: --rate and --per-host-rate spread the starts") {
  const OriginProcess server;
  CHECK(seconds_of([&] {
          CHECK(run_leat({"get", "--rate", "50/s"}, urls(server, "/ok/", 40)).status == 0);
        }) >= 0.7);
  CHECK(seconds_of([&] {
          CHECK(run_leat({"get", "--per-host-rate", "50/s"}, urls(server, "/ok/b", 40)).status == 0);
        }) >= 0.7);
  CHECK(server.stats().requests == 80);
}

TEST_CASE("schedule: a retry does not wait for the next line of a slow source") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-q", "-j", "1"});
  process.write(server.url("/flaky/1/slow-source?retry-after=0") + "\n");
  const auto line = process.read_line(10s);
  REQUIRE(line.has_value());
  CHECK(JsonLine(*line).number("num_retries") == 1);
  process.close_input();
  CHECK(process.wait().status == 0);
}

TEST_CASE("schedule: --limit-rate keeps all transfers together at the rate, and every byte arrives") {
  const OriginProcess server;
  const TempDir dir;
  std::string list;
  for (int i = 0; i < 4; ++i) list += server.url("/size/200K/" + std::to_string(i)) + "\n";
  const double seconds = seconds_of([&] {
    const auto run =
        run_leat({"get", "-q", "--limit-rate", "1M", "--stall", "100ms", "-O", dir.path()}, list);
    CHECK(run.status == 0);
    CHECK(json_lines(run.out).size() == 4);
  });
  CHECK(seconds >= 0.6);
  const std::string first = read_file((dir / "0"));
  REQUIRE(first.size() == 200 * 1024);
  for (std::size_t i = 0; i < first.size(); ++i) REQUIRE(first[i] == leat::origin::pattern_byte(i));
  CHECK(read_file((dir / "3")) == first);
}

TEST_CASE("schedule: transfers that --limit-rate holds back can be cancelled") {
  const OriginProcess server;
  Process process({LEAT_BINARY, "get", "-q", "--limit-rate", "10k", "--grace", "50ms"});
  process.write(urls(server, "/size/10M/", 8));
  process.close_input();
  wait_for_concurrent(server, 8);
  process.signal(SIGINT);
  const auto run = process.wait();
  CHECK(run.status == 130);
  for (const auto& line : json_lines(run.out)) CHECK(line.text("outcome") == "cancelled");
}
