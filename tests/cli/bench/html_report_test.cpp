#include "cli/bench/html_report.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

#include "cli/bench/svg_plot.hpp"
#include "tests/cli/bench/synthetic.hpp"

using namespace leat::cli;

namespace {

bool says(const std::string& text, std::string_view words) { return text.find(words) != std::string::npos; }

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
    CHECK(says(svg, "<path class=\"line c1\" d=\"M64.0 220.0L"));
  }
}
