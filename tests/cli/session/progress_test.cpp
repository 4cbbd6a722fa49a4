#include "cli/session/progress.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/sleep.hpp"
#include "engine/async/wait.hpp"
#include "engine/io/fd.hpp"
#include "tests/engine/async/loop_fixture.hpp"
#include "tests/support/process.hpp"
#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::cli;
using namespace std::chrono_literals;

namespace {

ProgressView some_view() {
  ProgressView view;
  view.stats.records_in = 1236;
  view.stats.outcomes = {1200, 3, 1, 0, 0};
  view.stats.running = 30;
  view.stats.retrying = 2;
  view.stats.bytes = 45'600'000;
  view.elapsed = 72s;
  view.bytes_per_second = 3.4e6;
  view.records_per_second = 17.2;
  return view;
}

// Waits until that much time has passed on the loop's clock.
async::Task<void> shown_for(Progress& progress, async::Duration time) {
  const std::vector tasks{async::spawn(progress.run(), "progress")};
  co_await async::sleep_for(time);
  for (auto task : tasks) task.cancel();
  auto ending = async::wait(tasks);
  co_await std::move(ending);
}

}  // namespace

TEST_CASE("bar_line: it shows what is done of what is known, with a plus while the input goes on") {
  auto view = some_view();
  CHECK(
      bar_line(view) ==
      "1:12  1204/1236+ done, 3 failed, 1 skipped, 30 running, 2 to retry  45.6 MB  3.4 MB/s  17 records/s");
  view.stats.source_ended = true;
  CHECK(bar_line(view).starts_with("1:12  [######### ] 97%  1204/1236 done, 0:01 to go,"));
}

TEST_CASE("bar_line: with colours the gauge is green and failures are red") {
  auto view = some_view();
  view.stats.source_ended = true;
  view.colours = Colours(true);
  CHECK(
      bar_line(view).starts_with("1:12  [\x1b[32m#########\x1b[39m ] 97%  1204/1236 done, 0:01 to go, "
                                 "\x1b[31m3 failed\x1b[39m, 1 skipped"));
  view.stats.outcomes = {};
  CHECK(bar_line(view).find('\x1b') == std::string::npos);
}

TEST_CASE("bar_line: while the input goes on, the part of it that was read counts") {
  auto view = some_view();
  view.stats.records_in = 2000;
  view.stats.outcomes = {1000, 0, 0, 0, 0};
  view.stats.input_read = 0.5;
  CHECK(part_done(view) == doctest::Approx(0.25));
  CHECK(time_left(view) == 216s);
  CHECK(bar_line(view).starts_with("1:12  [##        ] 25%  1000/2000+ done, 3:36 to go,"));
}

TEST_CASE("time_left: it is not guessed from nothing") {
  auto view = some_view();
  CHECK(!part_done(view));
  CHECK(!time_left(view));
  view.stats.source_ended = true;
  view.elapsed = 999ms;
  CHECK(!time_left(view));
  view.elapsed = 72s;
  view.stats.outcomes = {};
  CHECK(!time_left(view));
}

TEST_CASE("bar_line: it says how many records wait for hosts and how many hosts are parked") {
  auto view = some_view();
  view.stats.waiting = 12;
  view.stats.parked_hosts = 1;
  CHECK(bar_line(view).find("2 to retry, 12 waiting for hosts, 1 host parked  45.6 MB") != std::string::npos);
  view.stats.parked_hosts = 2;
  CHECK(bar_line(view).find(", 2 hosts parked") != std::string::npos);
}

TEST_CASE("bar_line: it names the host that has been doubtful longest, since when and until when") {
  auto view = some_view();
  leat::pipelines::HostInfo host;
  host.origin = "http://a.org\x1b:80";
  host.is_doubtful = true;
  host.doubtful_for = 12s;
  host.next_probe = 2s;
  view.stats.doubtful_hosts = {host};
  CHECK(bar_line(view).find(", 1 host doubtful: http://a.org\\x1b:80 for 12.0 s, again in 2.00 s  ") !=
        std::string::npos);
  host.next_probe = 0s;
  view.stats.doubtful_hosts = {host, host};
  CHECK(bar_line(view).find(", 2 hosts doubtful: http://a.org\\x1b:80 for 12.0 s, …  ") != std::string::npos);
  view.stats.doubtful_hosts[0].origin = "http://a.org:80";
  CHECK(json_line(view, false)
            .find("\"doubtful_hosts\":[{\"origin\":\"http://a.org:80\",\"waiting\":0,"
                  "\"doubtful_s\":12.000,\"next_probe_s\":0.000},{") != std::string::npos);
}

TEST_CASE("bar_lines: transfers that have run for long stand below the bar") {
  auto view = some_view();
  view.stats.slowest = {
      {"http://a.org/big\x1b[2J", 72s, 1'200'000}, {"http://b.org/", 2s, 0}, {"http://c.org/", 1999ms, 0}};
  const auto lines = bar_lines(view, 20);
  REQUIRE(lines.size() == 3);
  CHECK(lines[1] == "     1:12    1.2 MB  http://a.org/big\\x1b[2J");
  CHECK(lines[2] == "     0:02       0 B  http://b.org/");
  CHECK(bar_lines(view, 2).size() == 2);
  CHECK(bar_lines(view, 1).size() == 1);
}

TEST_CASE("bar_line: it leaves out what did not happen") {
  ProgressView view;
  view.elapsed = 3723s;
  CHECK(bar_line(view) == "1:02:03  0/0+ done, 0 running  0 B  0 B/s  0.0 records/s");
}

TEST_CASE("plain_line: it says which program prints it") {
  CHECK(plain_line(some_view()).starts_with("leat get: 1:12  1204/1236+ done"));
}

TEST_CASE("json_line: it is one object of numbers") {
  CHECK(json_line(some_view(), false) ==
        "{\"elapsed_s\":72.000,\"records_in\":1236,\"ok\":1200,\"failed\":3,\"skipped\":1,\"not_modified\":0,"
        "\"cancelled\":0,\"running\":30,\"retrying\":2,\"waiting\":0,\"parked_hosts\":0,"
        "\"doubtful_hosts\":[],\"bytes\":45600000,"
        "\"bytes_per_s\":3400000,\"records_per_s\":17.2,\"part_done\":null,\"left_s\":null,\"slowest\":[],"
        "\"source_ended\":false,\"end\":false}");
  auto view = some_view();
  view.stats.source_ended = true;
  view.stats.slowest = {{"http://a.org/\"", 1500ms, 7}};
  CHECK(json_line(view, false)
            .find("\"part_done\":0.974,\"left_s\":1.914,\"slowest\":[{\"url\":\"http://a.org/\\\"\","
                  "\"elapsed_s\":1.500,\"bytes\":7}],") != std::string::npos);
  CHECK(json_line(some_view(), true).ends_with("\"end\":true}"));
}

TEST_CASE("bar_lines: a run with stages has a table below the bar, as far as there is room") {
  auto view = some_view();
  CHECK(bar_lines(view, 20) == std::vector<std::string>{bar_line(view)});
  view.stages.resize(2);
  CHECK(bar_lines(view, 20).size() == 4);
  CHECK(bar_lines(view, 20).front() == bar_line(view));
  CHECK(bar_lines(view, 3).size() == 3);
  CHECK(bar_lines(view, 2).size() == 1);
}

TEST_CASE("plain_line, json_line: for a run they say how its stages are") {
  auto view = some_view();
  view.command = "run";
  view.stages.resize(1);
  view.stages[0].name = "lines";
  CHECK(plain_line(view) == "leat run: " + bar_line(view) + "; lines 0>0 idle");
  CHECK(json_line(view, false).find(",\"cancelled\":0,\"stages\":[{\"name\":\"lines\",") !=
        std::string::npos);
}

TEST_CASE(
    "Progress: it prints a plain line every ten seconds and at the end, and JSON every second, the last of "
    "which says so") {
  const tests::TempDir dir;
  const auto shown = [&dir](ProgressKind kind, async::Duration run_for) {
    const std::string path = dir / "shown";
    const io::Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    ProgressSource source;
    source.command = "get";
    std::uint64_t asked = 0;
    source.stats = [&asked] {
      pipelines::RunStats stats;
      stats.records_in = ++asked;
      return stats;
    };
    Progress progress(kind, fd.get(), std::move(source));
    async::ManualLoop loop;
    loop.run(shown_for(progress, run_for));
    CHECK(loop.elapsed() == run_for);
    progress.finish();
    return tests::lines_of(tests::read_file(path));
  };
  const auto plain = shown(ProgressKind::plain, 35s);
  REQUIRE(plain.size() == 4);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(plain[i].starts_with("leat get: "));
    CHECK(plain[i].find(" 0/" + std::to_string(i + 1) + "+ done") != std::string::npos);
  }
  CHECK(shown(ProgressKind::plain, 9999ms).size() == 1);
  const auto json = shown(ProgressKind::json, 3500ms);
  REQUIRE(json.size() == 4);
  for (std::size_t i = 0; i < json.size(); ++i) {
    CHECK(json[i].find("\"records_in\":" + std::to_string(i + 1) + ",") != std::string::npos);
    CHECK(json[i].ends_with(i == 3 ? "\"end\":true}" : "\"end\":false}"));
  }
  CHECK(shown(ProgressKind::off, 1h).empty());
}

TEST_CASE("RateMeter: it approaches a steady rate and falls when nothing comes") {
  RateMeter meter;
  async::TimePoint now{};
  std::uint64_t total = 0;
  CHECK(meter.update(total, now) == 0);
  double rate = 0;
  for (int i = 0; i < 100; ++i) rate = meter.update(total += 1000, now += 100ms);
  CHECK(rate == doctest::Approx(10'000).epsilon(0.01));
  for (int i = 0; i < 10; ++i) rate = meter.update(total, now += 100ms);
  CHECK(rate == doctest::Approx(10'000 / 2.718).epsilon(0.01));
}

TEST_CASE("RateMeter: two updates at the same time lose nothing") {
  RateMeter meter;
  async::TimePoint now{};
  meter.update(0, now);
  meter.update(500, now);
  CHECK(meter.update(1000, now + 1s) == doctest::Approx(1000 * (1 - 1 / 2.718)).epsilon(0.01));
}
