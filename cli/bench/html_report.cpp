#include "cli/bench/html_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "cli/bench/html_tables.hpp"
#include "cli/bench/svg_plot.hpp"
#include "cli/bench/text_report.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using load::Histogram;
using load::SeriesPoint;
using Axis = PlotAxis;

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kBins = 120;
constexpr int kPlannedColour = 5;
constexpr int kBadColour = 6;
constexpr std::size_t kMostPoints = 1200;  // points of a series; with more, several seconds are joined

constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--bg:#fbfbfa;--fg:#1d1f21;--dim:#62676d;--line:#dfe1e4;--card:#fff;
--c1:#2563ab;--c2:#c2540a;--c3:#0b7a55;--c4:#8a3fa0;--bad:#b3261e;--good:#0b7a55}
@media screen and (prefers-color-scheme:dark){:root{--bg:#141618;--fg:#e6e7e9;--dim:#9aa1a8;--line:#33373b;--card:#1c1f22;
--c1:#6aaef5;--c2:#f19a56;--c3:#4cc79a;--c4:#cf91e3;--bad:#f2877f;--good:#4cc79a}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:76rem;padding:1.5rem 1rem 3rem;background:var(--bg);color:var(--fg);
font:15px/1.45 system-ui,sans-serif}
h1{font-size:1.25rem;margin:0 0 .2rem;overflow-wrap:anywhere}
h2{font-size:1.05rem;margin:2rem 0 .6rem;overflow-wrap:anywhere}
.dim,.none{color:var(--dim)}p{margin:.2rem 0}
.lead{font-size:1.05rem;margin:.8rem 0;overflow-wrap:anywhere}
.sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr));gap:0 1.5rem}
.tables{display:flex;flex-wrap:wrap;align-items:flex-start;gap:1rem;margin-top:1rem}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,32rem),1fr));gap:1rem}
figure,.table{margin:0;background:var(--card);border:1px solid var(--line);border-radius:6px;padding:.7rem .8rem;min-width:0}
.table{overflow-x:auto;max-width:100%}
figure{position:relative}.tip{position:absolute;top:0;pointer-events:none;white-space:pre;background:var(--card);border:1px solid var(--line);
border-radius:4px;padding:.2rem .45rem;font-size:.85rem;font-variant-numeric:tabular-nums}
figcaption{font-weight:600;margin-bottom:.3rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;width:100%}
th,td{text-align:right;padding:.15rem 0 .15rem 1.2rem;white-space:nowrap;vertical-align:top}
th:first-child,td:first-child{text-align:left;padding-left:0}
td.wide,td.url{white-space:normal;overflow-wrap:anywhere;min-width:10rem;text-align:left}
.facts td{white-space:normal}.facts td:first-child{min-width:10rem}
th{color:var(--dim);font-weight:500;border-bottom:1px solid var(--line)}
svg{width:100%;height:auto;display:block}
.grid{stroke:var(--line);stroke-width:1}.tick{fill:var(--dim);font:13px system-ui,sans-serif}.under{dominant-baseline:hanging}
.line{fill:none;stroke-width:1.8;stroke-linejoin:round}.area{stroke:none;opacity:.18}.broad{stroke-width:6;opacity:.4}
.line.c1{stroke:var(--c1)}.line.c2{stroke:var(--c2)}.line.c3{stroke:var(--c3)}.line.c4{stroke:var(--c4)}.line.c5{stroke:var(--dim);stroke-dasharray:5 4}.line.c6{stroke:var(--bad)}
.area.c1{fill:var(--c1)}.area.c2{fill:var(--c2)}.area.c3{fill:var(--c3)}.area.c4{fill:var(--c4)}
.legend{font-size:.85em;color:var(--dim)}.legend span{margin-right:.9rem}
.legend i{display:inline-block;width:.8rem;height:.2rem;margin-right:.35rem;vertical-align:middle;print-color-adjust:exact;-webkit-print-color-adjust:exact}
i.c1{background:var(--c1)}i.c2{background:var(--c2)}i.c3{background:var(--c3)}i.c4{background:var(--c4)}i.c6{background:var(--bad)}
.legend i.c5{height:0;border-top:2px dashed var(--dim)}.legend i.broad{height:.45rem}
.strong{font-weight:600}.bad{color:var(--bad);font-weight:600}.good{color:var(--good);font-weight:600}
@media(max-width:600px){body{padding:1rem .7rem 2rem}svg{overflow:visible}.tick{font-size:18px}.second{display:none}
.table{width:100%}th,td{padding-left:.7rem}th,td:first-child{white-space:normal}td.url{min-width:8rem}}
@media print{:root{--bg:#fff}svg{overflow:visible}body{max-width:none;padding:0;font-size:12px}figure,.table{break-inside:avoid}h2{break-after:avoid}
.sides,.plots{grid-template-columns:1fr 1fr}section:only-child{grid-column:1/-1}.tick{font-size:18px}.second{display:none}}
code{font:.85rem ui-monospace,monospace;overflow-wrap:anywhere}
)";

// Shows the values at the pointer, or at the finger; without it the page is the same. The browser's own
// tooltips, which say only what a line is called, would stand on top of these.
constexpr std::string_view kScript = R"(
for(const svg of document.querySelectorAll('svg')){
const lines=[...svg.querySelectorAll('[data-points]')].map(line=>{const title=line.querySelector('title');title.remove();
return{name:title.textContent,points:line.dataset.points.split('|'),xs:line.getAttribute('d').match(/[\d.]+ [\d.]+/g).map(parseFloat)}});
const tip=svg.parentNode.appendChild(document.createElement('div'));tip.className='tip';tip.hidden=true;
svg.onpointerleave=()=>{tip.hidden=true};
svg.onpointermove=event=>{const x=new DOMPoint(event.clientX,event.clientY).matrixTransform(svg.getScreenCTM().inverse()).x;
tip.textContent=lines.map(line=>{let near=0;line.xs.forEach((at,i)=>{if(Math.abs(at-x)<Math.abs(line.xs[near]-x))near=i});
return(lines.length>1?line.name+', ':'')+line.points[near]}).join('\n');
tip.hidden=false;const box=svg.parentNode.getBoundingClientRect();
tip.style.left=Math.max(0,Math.min(event.clientX-box.left+12,box.width-tip.offsetWidth))+'px';
tip.style.top=event.clientY-box.top+16+'px'};
}
)";

// How many requests took that long, in bins that are even on the log axis.
PlotLine distribution(const Histogram& times, double low, double high, std::string name, int colour) {
  std::vector<double> bins(kBins, 0);
  const double span = std::log(high / low);
  times.for_each([&](const Histogram::Bucket& bucket) {
    const double middle =
        std::max(1.0, (static_cast<double>(bucket.lowest) + static_cast<double>(bucket.highest)) / 2);
    const double share = std::log(middle / low) / span;
    const auto bin = static_cast<std::size_t>(std::clamp(share, 0.0, 0.9999) * kBins);
    bins[bin] += static_cast<double>(bucket.count) / static_cast<double>(times.total());
  });
  PlotLine line{std::move(name), {}, colour, true};
  for (std::size_t i = 0; i < kBins; ++i) {
    line.points.push_back({low * std::exp(span * (static_cast<double>(i) + 0.5) / kBins), bins[i]});
  }
  return line;
}

PlotLine percentiles(const Histogram& times, std::string name, int colour) {
  PlotLine line{std::move(name), {}, colour};
  const auto total = static_cast<double>(times.total());
  double x = 1.02;
  for (; x <= total; x *= 1.05) {
    const auto quantile = times.percentile(100 - 100 / x);
    if (quantile.censored) break;
    line.points.push_back({x, static_cast<double>(quantile.value)});
  }
  if (x <= total) line.name += fmt::format(" (ends at p{:.3g}: the rest had no answer)", 100 - 100 / x);
  return line;
}

template <class Value>
PlotLine over_time(const load::LoadResult& result, std::string name, int colour, Value value) {
  PlotLine line{std::move(name), {}, colour};
  const std::size_t stride = result.series.size() / kMostPoints + 1;
  std::size_t unknown = 0;
  for (std::size_t i = 0; i < result.series.size(); i += stride) {
    const SeriesPoint& point = result.series[i];
    if (point.start < async::Duration::zero() || point.start >= result.measured) continue;
    // In its middle: what was planned changes within it, and would seem late beside what was sent.
    line.points.push_back({async::in_seconds(point.start + point.lasts / 2), value(point)});
    unknown += std::isfinite(line.points.back().y) ? 0 : 1;
  }
  if (unknown > 0) line.name += fmt::format(" (not known at {} of {} points)", unknown, line.points.size());
  return line;
}

// What the plan says of the rate; a ramp is drawn by its two ends.
PlotLine planned_rate(const Measurement& measurement, std::string name) {
  PlotLine line{std::move(name), {}, kPlannedColour};
  const auto& plan = measurement.plan;
  if (plan.stages.empty()) {
    line.points = {{0, plan.rate}, {async::in_seconds(measurement.result.measured), plan.rate}};
    return line;
  }
  async::Duration at{0};
  for (const auto& stage : plan.stages) {
    line.points.push_back({async::in_seconds(at), stage.from});
    at += stage.lasts;
    line.points.push_back({async::in_seconds(at), stage.to});
  }
  return line;
}

double per_second(std::uint64_t count, const SeriesPoint& point) {
  const double lasts = async::in_seconds(point.lasts);
  return lasts > 0 ? static_cast<double>(count) / lasts : kNothing;
}

double known(const load::Quantile& quantile) {
  return quantile.censored || quantile.value == 0 ? kNothing : static_cast<double>(quantile.value);
}

using Sides = std::vector<const Measurement*>;

std::string side_name(const Sides& sides, std::size_t side, std::string_view what) {
  return sides.size() == 1 ? std::string(what) : fmt::format("{} {}", side == 0 ? "A" : "B", what);
}

std::string times_plots(const Sides& sides) {
  Plot shape{"Distribution of response times",
             {Axis::Kind::log, Axis::Label::time, "response time"},
             {Axis::Kind::linear, Axis::Label::share, ""},
             {}};
  Plot tail{"Response time by percentile",
            {Axis::Kind::percentile, Axis::Label::number, "percentile"},
            {Axis::Kind::fitting, Axis::Label::time, ""},
            {}};
  double low = 1e18;
  double high = 1;
  for (const auto* side : sides) {
    const auto& times = side->result.latency.response;
    if (times.count() == 0) continue;
    low = std::min(low, std::max(1.0, static_cast<double>(times.min())));
    high = std::max(high, static_cast<double>(times.max()));
  }
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto& latency = sides[i]->result.latency;
    const int colour = static_cast<int>(i) + 1;
    if (latency.response.count() > 0) {
      shape.lines.push_back(
          distribution(latency.response, low * 0.9, high * 1.1, side_name(sides, i, "response"), colour));
    }
    tail.lines.push_back(percentiles(latency.response, side_name(sides, i, "response"), colour));
    if (sides[i]->plan.mode == load::LoadPlan::Mode::open) {
      tail.lines.push_back(percentiles(latency.service, side_name(sides, i, "service"), colour + 2));
    }
  }
  return svg_of(shape) + svg_of(tail);
}

std::string series_plots(const Sides& sides) {
  const Axis time{Axis::Kind::linear, Axis::Label::seconds, "time"};
  Plot rate{"Requests a second", time, {Axis::Kind::linear, Axis::Label::number, ""}, {}};
  Plot times{"Response time over time", time, {Axis::Kind::fitting, Axis::Label::time, ""}, {}};
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto& result = sides[i]->result;
    const int first = static_cast<int>(i) + 1;
    if (sides[i]->plan.mode == load::LoadPlan::Mode::open) {
      rate.lines.push_back(planned_rate(*sides[i], side_name(sides, i, "planned")));
      rate.lines.push_back(over_time(result, side_name(sides, i, "sent"), first + 2,
                                     [](const SeriesPoint& point) { return per_second(point.sent, point); }));
      rate.lines.back().broad = true;  // the good answers mostly lie upon it
    }
    rate.lines.push_back(over_time(result, side_name(sides, i, "good answers"), first,
                                   [](const SeriesPoint& point) { return per_second(point.ok, point); }));
    if (result.totals.failed + result.totals.timed_out + result.totals.status_errors > 0) {
      rate.lines.push_back(over_time(
          result, side_name(sides, i, "failed, or another status"), kBadColour,
          [](const SeriesPoint& point) { return per_second(point.failed + point.status_errors, point); }));
    }
    times.lines.push_back(over_time(result, side_name(sides, i, "p50"), first,
                                    [](const SeriesPoint& point) { return known(point.p50); }));
    times.lines.push_back(over_time(result, side_name(sides, i, "p99"), first + 2,
                                    [](const SeriesPoint& point) { return known(point.p99); }));
  }
  return svg_of(rate) + svg_of(times);
}

std::string client_plots(const Sides& sides) {
  const Axis time{Axis::Kind::linear, Axis::Label::seconds, "time"};
  Plot cpu{"The client: cores it used", time, {Axis::Kind::linear, Axis::Label::number, ""}, {}};
  Plot flight{sides.size() == 1 ? "The client: requests in flight, mean of each second"
                                : "The client: requests in flight, mean of each second or shorter block",
              time,
              {Axis::Kind::linear, Axis::Label::number, ""},
              {}};
  Plot lag{"The client: schedule lag, p99", time, {Axis::Kind::linear, Axis::Label::time, ""}, {}};
  bool open = false;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const auto& result = sides[i]->result;
    const int colour = static_cast<int>(i) + 1;
    open = open || sides[i]->plan.mode == load::LoadPlan::Mode::open;
    cpu.lines.push_back(over_time(result, side_name(sides, i, "cores"), colour,
                                  [](const SeriesPoint& point) { return point.cpu; }));
    flight.lines.push_back(over_time(result, side_name(sides, i, "in flight"), colour,
                                     [](const SeriesPoint& point) { return point.in_flight; }));
    lag.lines.push_back(over_time(result, side_name(sides, i, "lag"), colour, [](const SeriesPoint& point) {
      return static_cast<double>(point.schedule_lag_p99.value);
    }));
  }
  return svg_of(cpu) + svg_of(flight) + (open ? svg_of(lag) : std::string());
}

std::string side_section(const Measurement& measurement, std::string_view title) {
  return fmt::format("<section><h2>{}</h2>{}<div class=\"tables\">{}{}{}{}{}{}</div></section>",
                     html_text(title), verdict_line(measurement), summary_table(measurement),
                     times_tables(measurement), outcomes_table(measurement), targets_table(measurement),
                     addresses_table(measurement.result), stages_table(measurement.result));
}

std::string footer(const BenchRecord& record) {
  const auto& here = record.environment;
  return fmt::format("<p class=\"dim\">{} · {} CPUs, {} · {} · leat {} · {}</p><p><code>{}</code></p>",
                     html_text(here.started_at), here.cpus, html_text(here.cpu), html_text(here.kernel),
                     html_text(here.leat), html_text(here.machine), html_text(command_line(record.argv)));
}

}  // namespace

std::string html_report(const BenchRecord& record) {
  Sides sides{&record.subject};
  if (record.other) sides.push_back(&*record.other);
  const std::string title =
      name_of(record.subject) + (record.other ? " against " + name_of(*record.other) : std::string());
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>leat bench: {}</title>"
      "<style>{}</style></head><body><h1>{}</h1>",
      html_text(title), kStyle, html_text(title));
  html += footer(record);
  if (record.noise_floor) {
    html += fmt::format("<p>noise floor, on a responder inside leat: {}, p50 {}, p99 {}</p>",
                        text::format_rate(record.noise_floor->rate.value),
                        html_text(quantile_text(record.noise_floor->p50)),
                        html_text(quantile_text(record.noise_floor->p99)));
  }
  if (!record.aborted.empty()) {
    html += fmt::format("<p class=\"lead bad\">aborted: {}</p>", html_text(record.aborted));
  }
  if (record.comparison) {
    html += fmt::format("<p class=\"lead\">{}</p>", html_text(comparison_sentence(*record.comparison)));
  }
  if (record.found_rate) {
    html += fmt::format("<p class=\"lead\">{}</p>", html_text(record.found_rate->sentence));
  }
  html += "<div class=\"sides\">";
  for (std::size_t i = 0; i < sides.size(); ++i) {
    html += side_section(*sides[i], sides.size() == 1 ? "Summary" : side_name(sides, i, name_of(*sides[i])));
  }
  html += "</div>";
  html += "<div class=\"tables\">";
  if (record.comparison) html += ratios_table(*record.comparison);
  html += checks_table(record.checks) + members_table(record.members) + "</div>";
  html += "<h2>Response times</h2><div class=\"plots\">" + times_plots(sides) + "</div>";
  html += "<h2>Over time</h2><div class=\"plots\">" + series_plots(sides) + "</div>";
  html += "<h2>The client</h2><div class=\"plots\">" + client_plots(sides) + "</div>";
  return html + fmt::format("<script>{}</script></body></html>\n", kScript);
}

}  // namespace leat::cli
