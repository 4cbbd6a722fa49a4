#include "cli/bench/live_view.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/cli/fake_system.hpp"

using namespace leat::cli;
using namespace std::chrono_literals;

namespace {

leat::load::LoadPlan lasting(leat::async::Duration time) {
  leat::load::LoadPlan plan;
  plan.measured = time;
  return plan;
}

leat::load::LoadPlan in_stages() {
  leat::load::LoadPlan plan;
  plan.mode = leat::load::LoadPlan::Mode::open;
  plan.warmup = 1s;
  plan.stages = {{2s, 400, 400}, {4s, 400, 1200}, {1500ms, 80, 80}};
  return plan;
}

leat::load::Slice slice_at(leat::async::Duration start, std::uint64_t ok) {
  leat::load::Slice slice;
  slice.start = start;
  slice.lasts = kLiveSlice;
  slice.ok = ok;
  slice.in_flight = 7;
  for (std::uint64_t i = 0; i < ok; ++i) slice.response.record(2'000'000);
  return slice;
}

}  // namespace

TEST_CASE("Live view: it shows rate, percentiles, errors and bars") {
  LiveFigures figures(lasting(10s), true);
  for (int i = 0; i < 8; ++i) figures.take(slice_at(i * kLiveSlice, 100));
  auto slice = slice_at(2s, 50);
  slice.failed = 3;
  figures.take(slice);
  const auto lines = figures.lines(80);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "2.25 s of 10.0 s  350/s  850 ok, 3 failed, 7 in flight");
  CHECK(lines[1].starts_with("p50 2.00 ms  p90 2.00 ms  p99 2.00 ms  max 2.00 ms"));
  CHECK(lines[2] == "████████▅  up to 400/s");
  auto shed = slice_at(3s, 0);
  shed.status_errors = 12;
  figures.take(shed);
  CHECK(figures.lines(80)[0].ends_with("  850 ok, 12 of another status, 3 failed, 7 in flight"));
}

TEST_CASE("Live view: it fits the terminal without cutting a character") {
  LiveFigures figures(lasting(0s), true);
  for (int i = 0; i < 300; ++i) figures.take(slice_at(i * kLiveSlice, static_cast<std::uint64_t>(i % 5)));
  for (const std::size_t width : {1U, 2U, 5U, 20U, 24U, 40U, 80U, 200U}) {
    CAPTURE(width);
    const auto lines = figures.lines(width);
    const Fitted bars = fit(lines.back(), 1000);
    CHECK(bars.columns <= std::max<std::size_t>(1, width - 1));
    CHECK(bars.columns >= std::min<std::size_t>(width - 1, 199));
    CHECK(lines.back().substr(0, lines.back().find("  up to ")).size() % 3 == 0);
  }
  LiveFigures plain(lasting(0s), false);
  plain.take(slice_at(0s, 0));
  plain.take(slice_at(kLiveSlice, 4));
  CHECK(plain.lines(80)[2] == "_#  up to 16.0/s");
}

TEST_CASE("Live view: what does not fit into a line goes on in the next one") {
  LiveFigures figures(lasting(10s), true);
  auto slice = slice_at(0s, 50);
  slice.failed = 3;
  slice.status_errors = 12;
  figures.take(slice);
  const auto lines = figures.lines(40);
  REQUIRE(lines.size() == 6);
  CHECK(lines[0] == "0.25 s of 10.0 s  200/s  50 ok");
  CHECK(lines[1] == "12 of another status, 3 failed");
  CHECK(lines[2] == "7 in flight");
  CHECK(lines[3] == "p50 2.00 ms  p90 2.00 ms  p99 2.00 ms");
  CHECK(lines[4] == "max 2.00 ms");
}

TEST_CASE("Live view: statuses and classes of errors that should not be are counted, and coloured") {
  auto slice = slice_at(0s, 5);
  slice.failed = 3;
  slice.status_errors = 1200;
  slice.by_status = {{429, 200}, {503, 1000}};
  slice.by_error = {{leat::Errc::timeout, 2}, {leat::Errc::reset, 1}};
  LiveFigures figures(lasting(10s), true);
  figures.take(slice);
  figures.take(slice);
  CHECK(figures.lines(80)[2] == "status 429 400, status 503 2,000, timeout 4, reset 2");
  LiveFigures coloured(lasting(10s), true, Colours(true));
  coloured.take(slice);
  CHECK(
      coloured.lines(100)[0].ends_with("\x1b[32m5 ok\x1b[39m, \x1b[31m1,200 of another status\x1b[39m, "
                                       "\x1b[31m3 failed\x1b[39m, 7 in flight"));
  CHECK(coloured.lines(100)[2].starts_with("\x1b[31mstatus 429 200\x1b[39m, "));
  // What came in the warm-up does not count.
  auto before = slice;
  before.start = -1s;
  LiveFigures warm(lasting(10s), true);
  warm.take(before);
  CHECK(warm.lines(80).size() == 3);
}

TEST_CASE("Live view: many kinds of errors take no more than a few lines") {
  auto slice = slice_at(0s, 5);
  for (int status = 500; status < 520; ++status) slice.by_status[status] = 1;
  LiveFigures figures(lasting(10s), true);
  figures.take(slice);
  CHECK(figures.lines(120)[2].ends_with("status 505 1 and 14 more kinds"));
}

TEST_CASE("Live view: a run by count shows how many requests of all have ended") {
  auto plan = lasting(0s);
  plan.requests = 1000;
  LiveFigures figures(plan, true);
  auto slice = slice_at(0s, 50);
  slice.failed = 2;
  slice.status_errors = 1;
  figures.take(slice);
  CHECK(figures.lines(80)[0].starts_with("0.25 s, 53 of 1,000  200/s  50 ok"));
}

TEST_CASE("Live view: the warm-up counts down, and a second without answers says so") {
  LiveFigures figures(lasting(10s), false);
  figures.take(slice_at(-1s, 0));
  CHECK(figures.lines(80)[0].starts_with("warm-up, 0.75 s to go"));
  CHECK(figures.lines(80)[1] == "no answer in the last second");
}

TEST_CASE(
    "Live view: with stages it shows how long they all last and which rate is planned for that moment") {
  const auto seen_at = [](leat::async::Duration time) {
    LiveFigures figures(in_stages(), true);
    figures.take(slice_at(time - kLiveSlice, 50));
    return figures.lines(80)[0];
  };
  CHECK(seen_at(-250ms) == "warm-up, 0.25 s to go  200/s of 400/s  0 ok, 0 failed, 7 in flight");
  CHECK(seen_at(250ms) == "0.25 s of 7.50 s  200/s of 400/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(2s) == "2.00 s of 7.50 s  200/s of 400/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(3s) == "3.00 s of 7.50 s  200/s of 600/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(6s) == "6.00 s of 7.50 s  200/s of 1,200/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(6250ms) == "6.25 s of 7.50 s  200/s of 80.0/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(7500ms) == "7.50 s of 7.50 s  200/s of 80.0/s  50 ok, 0 failed, 7 in flight");
  CHECK(seen_at(7750ms) ==
        "7.75 s of 7.50 s  200/s  50 ok, 0 failed, 7 in flight");  // during the drain nothing is planned any
                                                                   // more
}

TEST_CASE("Live view: it is shown only on a terminal that can show it") {
  FakeSystem system;
  CHECK_FALSE(live_view_wanted(system));
  system.terminals.insert(2);
  CHECK(live_view_wanted(system));
  system.variables["TERM"] = "dumb";
  CHECK_FALSE(live_view_wanted(system));
  system.variables["TERM"] = "";
  CHECK_FALSE(live_view_wanted(system));
  system.variables["TERM"] = "xterm";
  system.variables["NO_COLOR"] = "1";
  CHECK(live_view_wanted(system));
}
