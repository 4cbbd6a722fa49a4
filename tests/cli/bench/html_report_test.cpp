#include "cli/bench/html_report.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "cli/bench/svg_plot.hpp"
#include "tests/cli/bench/synthetic.hpp"
#include "tests/support/says.hpp"

using namespace leat::cli;
using leat::tests::says;

namespace {

std::size_t times(const std::string& text, std::string_view words) {
  std::size_t found = 0;
  for (auto at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("HTML: it is one page that loads nothing, in light and dark") {
  const std::string page = html_report(Synthetic().record());
  CHECK(page.starts_with("<!doctype html>"));
  CHECK(says(page, "prefers-color-scheme:dark"));
  for (const char* outside : {"<script ", "<link", "<img", "<iframe", "@import", "url(", " src=", " href="}) {
    CAPTURE(outside);
    CHECK_FALSE(says(page, outside));
  }
  CHECK(times(page, "<script>") == 1);
  CHECK(times(page, "<svg") == times(page, "</svg>"));
  CHECK(times(page, "<svg") >= 6);
  CHECK(says(page, "A &lt;fast&gt; CPU"));
  CHECK(says(page, "in flight, mean of each second<"));
}

TEST_CASE("Plot: each line names as many points as it has, for who looks at one") {
  Plot plot{"t",
            {PlotAxis::Kind::percentile, PlotAxis::Label::number, ""},
            {PlotAxis::Kind::linear, PlotAxis::Label::time, ""},
            {}};
  const double gap = std::numeric_limits<double>::quiet_NaN();
  plot.lines.push_back({"a", {{1, 1e6}, {2, gap}, {10, 2e6}, {1000, 3e6}}});
  const std::string svg = svg_of(plot);
  CHECK(says(svg, " data-points=\"p0: 1.00 ms|p90: 2.00 ms|p99.9: 3.00 ms\">"));
  CHECK(says(svg, "<title>a</title>"));  // what a browser shows without the script
}

TEST_CASE("HTML: text from outside can't become markup") {
  Synthetic broken;
  broken.timed_out = 5;
  broken.url = "http://h/<b>\"x";
  auto record = broken.record();
  record.subject.result.by_error[leat::Errc::timeout].example = "<script>alert(1)</script>";
  record.argv.push_back("--check=<i>");
  const std::string page = html_report(record);
  CHECK(times(page, "<script") == 1);  // the page's own
  CHECK_FALSE(says(page, "<b>"));
  CHECK_FALSE(says(page, "<i>"));
  CHECK(says(page, "&lt;script&gt;"));
}

TEST_CASE("HTML: two sides stand beside each other, with the sentence that compares them") {
  auto record = Synthetic().record();
  Synthetic slower;
  slower.url = "http://127.0.0.1:8080/slow";
  slower.median_ns = 4e6;
  record.other = slower.measurement();
  record.comparison = Comparison();
  record.comparison->a = "a";
  record.comparison->b = "b";
  record.comparison->median = leat::load::Ratio{2, 1.9, 2.1};
  const std::string page = html_report(record);
  CHECK(says(page, "b differs from a"));
  CHECK(says(page, "B http://127.0.0.1:8080/slow"));
  CHECK(says(page, "line c2"));
  CHECK(says(page, "in flight, mean of each second or shorter block"));
}

TEST_CASE("HTML: targets, addresses, stages and ratios have their tables, and bad statuses are marked") {
  auto record = Synthetic().record();
  auto& result = record.subject.result;
  result.by_target.push_back(result.by_target[0]);
  result.by_target[1].url = "http://h/two";
  result.by_target[1].tally.status_errors = 7;
  result.by_status[503] = 7;
  result.by_address = {{"127.0.0.1:80", {}, {}}, {"[::1]:80", {}, {}}};
  result.totals.status_errors = 7;
  const std::string page = html_report(record);
  CHECK(says(page, "<td class=\"url\">GET http://h/two</td>"));
  CHECK(says(page, "<td class=\"bad\">7</td>"));
  CHECK(says(page, "<tr><td>[::1]:80</td><td>0</td>"));
  CHECK(says(page, "<td class=\"bad\">status 503</td>"));
  CHECK(says(page, "<td>status 200</td>"));
  record.other = record.subject;
  record.comparison = Comparison();
  record.comparison->p99 = leat::load::Ratio{1.5, 1.25, 1.75};
  CHECK(says(html_report(record), "<td class=\"strong\">1.500</td><td class=\"dim\">1.250 to 1.750</td>"));
  record.subject.plan.mode = leat::load::LoadPlan::Mode::open;
  record.subject.plan.stages = {{std::chrono::seconds(10), 100, 200}};
  result.by_stage.push_back({record.subject.plan.stages[0], result.totals, result.latency.response});
  const std::string staged = html_report(record);
  CHECK(says(staged, "<td>10s at 100/s to 200/s</td>"));
  CHECK(says(staged, "line c5"));  // what was planned
}

TEST_CASE("HTML: a value that is long can be wrapped, and tables are as wide as what is in them") {
  const std::string page = html_report(Synthetic().record());
  CHECK(says(page,
             "<div class=\"tables\"><div class=\"table facts\"><table><tr><td>rate of good answers</td>"));
  CHECK(says(page, ".tables{display:flex;flex-wrap:wrap"));
  CHECK(says(page, ".facts td{white-space:normal}"));
  CHECK(says(page, "td.wide,td.url{white-space:normal;overflow-wrap:anywhere"));
}

TEST_CASE("HTML: what was sent in a second is drawn in its middle, broader than the good answers upon it") {
  auto record = Synthetic().record();
  record.subject.plan.mode = leat::load::LoadPlan::Mode::open;
  record.subject.plan.rate = 100;
  auto& series = record.subject.result.series;
  series.resize(2);
  for (std::size_t i = 0; i < series.size(); ++i) {
    series[i].start = std::chrono::seconds(i);
    series[i].lasts = std::chrono::seconds(1);
    series[i].sent = series[i].ok = 100;
  }
  const std::string page = html_report(record);
  CHECK(says(page, "data-points=\"0.5 s: 100|1.5 s: 100\"><title>sent</title>"));
  CHECK(times(page, "<path class=\"line c3 broad\"") == 1);
  CHECK(says(page, "<span><i class=\"c3 broad\"></i>sent</span>"));
}

TEST_CASE("HTML: seconds of which a percentile is not known are said behind the curve's name") {
  auto record = Synthetic().record();
  auto& series = record.subject.result.series;
  series.resize(3);
  for (std::size_t i = 0; i < series.size(); ++i) {
    series[i].start = std::chrono::seconds(i);
    series[i].lasts = std::chrono::seconds(1);
    series[i].p50 = {1'000'000, i == 1};
    series[i].p99 = {2'000'000, true};
  }
  const std::string page = html_report(record);
  CHECK(says(page, "data-points=\"0.5 s: 1.00 ms|2.5 s: 1.00 ms\"><title>p50 (not known at 1 of 3 points)<"));
  CHECK(says(page, "</i>p99 (not known at 3 of 3 points)</span>"));
}

TEST_CASE("Plot: times that a linear axis would show as nothing have a log axis, and the title says so") {
  const PlotAxis x{PlotAxis::Kind::linear, PlotAxis::Label::seconds, "time"};
  const PlotAxis y{PlotAxis::Kind::fitting, PlotAxis::Label::time, ""};
  const Plot near{"times", x, y, {{"p50", {{0, 1e6}, {1, 2e6}}}, {"p99", {{0, 5e6}, {1, 6e6}}}}};
  CHECK(says(svg_of(near), "<figcaption>times</figcaption>"));
  const Plot far{"times", x, y, {{"p50", {{0, 6e4}, {1, 7e4}}}, {"p99", {{0, 5e6}, {1, 7e6}}}}};
  const std::string svg = svg_of(far);
  CHECK(says(svg, "<figcaption>times, on a log scale</figcaption>"));
  // It begins and ends at a round value, beyond all of them.
  CHECK(says(svg, ">50.0 µs</text>"));
  CHECK(says(svg, ">10.0 ms</text>"));
}

TEST_CASE("Plot: labels below the axis that large letters have no room for are marked") {
  Plot plot{"t",
            {PlotAxis::Kind::linear, PlotAxis::Label::seconds, "time"},
            {PlotAxis::Kind::linear, PlotAxis::Label::number, ""},
            {}};
  plot.lines.push_back({"a", {{0, 1}, {10, 2}}});
  const std::string svg = svg_of(plot);
  // Each has 110 units.
  CHECK(times(svg, "class=\"tick under\"") == 6);
  CHECK(times(svg, "class=\"tick under second\"") == 0);
  plot.x.kind = PlotAxis::Kind::log;
  plot.lines[0].points = {{1, 1}, {100, 2}};  // 1, 2, 5, 10, 20, 50, 100
  const std::string log = svg_of(plot);
  CHECK(times(log, "class=\"tick under\"") == 4);  // 1, 5, 20, 100
  CHECK(times(log, "class=\"tick under second\"") == 3);
}

TEST_CASE("HTML: each member of a team has a row, and one that has died is said to have") {
  auto record = Synthetic().record();
  CHECK_FALSE(says(html_report(record), "<th>member</th>"));
  record.members = Synthetic().members();
  const std::string page = html_report(record);
  CHECK(says(page, "<td class=\"wide bad\">suspect (its core was busy)</td><td>+12.0 µs ± 3.00 µs</td>"));
  CHECK(says(page,
             "<td>host,b:18</td><td class=\"bad wide\" colspan=\"7\">died; its part is missing in every "
             "figure</td>"));
}

TEST_CASE("HTML: a short time has the sign for micro") {
  CHECK(time_html("85.2 us") == "85.2 µs");
  CHECK(time_html(">1.53 ms") == "&gt;1.53 ms");
}

TEST_CASE("HTML: a run without results has a page, too") {
  BenchRecord record;
  record.subject.plan.targets.emplace_back();
  CHECK(says(html_report(record), "too little to draw"));
}

TEST_CASE("Plot: no point lies outside the plot, whatever the values") {
  for (const auto kind : {PlotAxis::Kind::linear, PlotAxis::Kind::log, PlotAxis::Kind::percentile}) {
    Plot plot{"title",
              {kind, PlotAxis::Label::number, "x"},
              {PlotAxis::Kind::linear, PlotAxis::Label::time, ""},
              {}};
    plot.lines.push_back({"line", {{1, 0}, {10, 1e12}, {1e6, 5}}, 1});
    const std::string svg = svg_of(plot);
    CHECK_FALSE(says(svg, "nan"));
    CHECK_FALSE(says(svg, "inf"));
    CHECK(says(svg, "<path class=\"line c1\" d=\"M70.0 214.0L"));
  }
}
