#include "cli/bench/html_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/bench/svg_plot.hpp"
#include "cli/bench/text_report.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using load::Histogram;

constexpr std::size_t kMostTargets = 200;

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("<tr><td>{}</td><td>{}</td></tr>", html_text(name), html_text(value));
}

std::string percentile_rows(const Histogram& times) {
  std::string html;
  for (const double p : kReportedPercentiles) {
    const auto estimate = load::estimate_percentile(times, p);
    if (!estimate) {
      html += fmt::format(
          "<tr><td>p{}</td><td class=\"dim\" colspan=\"2\">withheld: {} samples, it takes {}</td></tr>", p,
          text::format_count(times.total()), text::format_count(load::samples_for(p)));
      continue;
    }
    html +=
        fmt::format("<tr><td>p{}</td><td>{}</td><td class=\"dim\">{} to {}</td></tr>", p,
                    time_html(quantile_text(estimate->value)), time_html(quantile_text(estimate->lowest)),
                    estimate->highest.censored
                        ? "no end"
                        : time_html(text::format_nanoseconds(static_cast<double>(estimate->highest.value))));
  }
  return html;
}

std::string bad_row(std::string_view name, std::string_view value) {
  return fmt::format("<tr><td class=\"bad\">{}</td><td class=\"bad\">{}</td></tr>", html_text(name),
                     html_text(value));
}

std::string times_table(std::string_view title, const Histogram& times) {
  std::string html = fmt::format(
      "<div class=\"table\"><table><tr><th>{}</th><th></th><th>95 % interval</th></tr>", html_text(title));
  if (const auto mean = load::estimate_mean(times)) {
    html += fmt::format("<tr><td>mean</td><td>{}</td><td class=\"dim\">± {}</td></tr>",
                        time_html(text::format_nanoseconds(mean->value)),
                        time_html(text::format_nanoseconds(mean->value - mean->lowest)));
  }
  return html + percentile_rows(times) + "</table></div>";
}

/// The columns that a target's row and a stage's row have in common.
constexpr std::string_view kCountColumns = "<th>ok</th><th>not</th><th>p50</th><th>p99</th></tr>";

std::string count_cells(const load::Tally& tally, const Histogram& response) {
  const auto errors = load::count_errors(tally);
  return fmt::format("<td>{}</td><td{}>{}</td><td>{}</td><td>{}</td></tr>", text::format_count(tally.ok),
                     errors > 0 ? " class=\"bad\"" : "", text::format_count(errors),
                     time_html(percentile_text(response, 50)), time_html(percentile_text(response, 99)));
}

std::string ratio_row(std::string_view name, const std::optional<load::Ratio>& ratio) {
  if (!ratio) {
    return fmt::format("<tr><td>{}</td><td class=\"dim\" colspan=\"2\">withheld: too few samples</td></tr>",
                       name);
  }
  return fmt::format("<tr><td>{}</td><td{}>{:.3f}</td><td class=\"dim\">{:.3f} to {:.3f}</td></tr>", name,
                     ratio->differs() ? " class=\"strong\"" : "", ratio->value, ratio->lowest,
                     ratio->highest);
}

}  // namespace

std::string verdict_line(const Measurement& measurement) {
  const auto& verdict = measurement.verdict;
  const bool good = verdict.kind == load::Verdict::Kind::ok;
  return fmt::format("<p>client: <span class=\"{}\">{}</span>{}{}</p>", good ? "good" : "bad",
                     load::to_string(verdict.kind), verdict.reason.empty() ? "" : ", ",
                     html_text(verdict.reason));
}

std::string summary_table(const Measurement& measurement) {
  const auto& result = measurement.result;
  const auto& totals = result.totals;
  std::string html = "<div class=\"table facts\"><table>";
  if (result.by_stage.empty()) html += row("rate of good answers", rate_text(result));
  html += row("ok, failed, timed out",
              fmt::format("{}, {}, {}", text::format_count(totals.ok), text::format_count(totals.failed),
                          text::format_count(totals.timed_out)));
  if (totals.status_errors > 0) html += bad_row("answers", bad_answers_text(measurement));
  if (totals.dropped > 0) html += bad_row("never sent", text::format_count(totals.dropped));
  if (totals.unanswered > 0) html += bad_row("never answered", text::format_count(totals.unanswered));
  if (measurement.plan.samples_answers) {
    html += (result.findings.unfit > 0 ? bad_row : row)("expected", findings_text(result));
  }
  if (const auto rate = error_rate_text(totals); rate && load::count_errors(totals) > 0) {
    html += bad_row("error rate", *rate);
  }
  html += row("measured for", text::format_elapsed(result.measured));
  if (const std::string paused = paused_text(result); !paused.empty()) html += row("paused", paused);
  html +=
      row("at once, threads", fmt::format("{}, {}", measurement.plan.concurrency, measurement.plan.threads));
  html += row("connections", text::format_count(totals.connections_opened));
  if (const auto& latency = result.latency; latency.tls.count() > 0) {
    html += row("TLS handshakes, p50", fmt::format("{}, {}", text::format_count(latency.tls.count()),
                                                   percentile_text(latency.tls, 50)));
    html += row("of them resumed, p50", fmt::format("{}, {}", text::format_count(latency.tls_resumed.count()),
                                                    percentile_text(latency.tls_resumed, 50)));
  }
  if (totals.resent > 0) html += row("sent again", text::format_count(totals.resent));
  if (totals.unsolicited > 0) {
    html +=
        row("connections dropped, on which something came unasked", text::format_count(totals.unsolicited));
  }
  html += row("received", text::format_bytes(static_cast<double>(totals.bytes_in)));
  return html + "</table></div>";
}

std::string times_tables(const Measurement& measurement) {
  const auto& latency = measurement.result.latency;
  std::string html = times_table("response time", latency.response);
  if (latency.unexpected.count() > 0) html += times_table("of the other answers", latency.unexpected);
  return html;
}

std::string outcomes_table(const Measurement& measurement) {
  const auto& result = measurement.result;
  if (result.by_status.empty() && result.by_error.empty()) return "";
  std::string html = "<div class=\"table\"><table><tr><th>outcome</th><th>count</th><th></th></tr>";
  for (const auto& [status, count] : result.by_status) {
    html += fmt::format("<tr><td{}>status {}</td><td>{}</td><td></td></tr>",
                        measurement.plan.expects(status) ? "" : " class=\"bad\"", status,
                        text::format_count(count));
  }
  for (const auto& [code, error] : result.by_error) {
    html += fmt::format(
        "<tr><td class=\"bad\">{}</td><td>{}</td><td class=\"wide dim\">first after {}: {}</td></tr>",
        to_string(code), text::format_count(error.count), text::format_elapsed(error.first),
        html_text(error.example));
  }
  return html + "</table></div>";
}

std::string targets_table(const Measurement& measurement) {
  const auto& targets = measurement.result.by_target;
  if (targets.size() < 2) return "";
  std::string html = fmt::format("<div class=\"table\"><table><tr><th>target</th>{}", kCountColumns);
  for (std::size_t i = 0; i < std::min(targets.size(), kMostTargets); ++i) {
    const auto& target = targets[i];
    html += fmt::format("<tr><td class=\"url\">{} {}</td>", html_text(target.method), html_text(target.url)) +
            count_cells(target.tally, target.response);
  }
  if (targets.size() > kMostTargets) {
    html += fmt::format("<tr><td class=\"dim\" colspan=\"5\">and {} more, which --format json has</td></tr>",
                        targets.size() - kMostTargets);
  }
  return html + "</table></div>";
}

std::string addresses_table(const load::LoadResult& result) {
  if (result.by_address.size() < 2) return "";
  std::string html =
      fmt::format("<div class=\"table\"><table><tr><th>address</th><th>connections</th>{}", kCountColumns);
  for (const auto& one : result.by_address) {
    html += fmt::format("<tr><td>{}</td><td>{}</td>", html_text(one.address),
                        text::format_count(one.tally.connections_opened)) +
            count_cells(one.tally, one.response);
  }
  return html + "</table></div>";
}

std::string stages_table(const load::LoadResult& result) {
  if (result.by_stage.empty()) return "";
  std::string html =
      fmt::format("<div class=\"table\"><table><tr><th>stage</th><th>good answers</th>{}", kCountColumns);
  for (const auto& one : result.by_stage) {
    html += fmt::format("<tr><td>{}</td><td>{}</td>", html_text(stage_text(one.stage)),
                        html_text(text::format_rate(stage_rate(one)))) +
            count_cells(one.tally, one.response);
  }
  return html + "</table></div>";
}

std::string members_table(const std::vector<MemberRow>& members) {
  if (members.empty()) return "";
  std::string html = fmt::format(
      "<div class=\"table\"><table><tr><th>member</th><th>good answers</th><th>client</th><th>clock from "
      "Redis's</th>{}",
      kCountColumns);
  for (const auto& member : members) {
    if (!member.is_here) {
      html += fmt::format("<tr><td>{}</td><td class=\"bad wide\" colspan=\"7\">{}</td></tr>",
                          html_text(member.name), html_text(kDiedText));
      continue;
    }
    const bool good = member.verdict.kind == load::Verdict::Kind::ok;
    html += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"wide{}\">{}</td><td>{}</td>",
                        html_text(member.name), html_text(text::format_rate(member.rate)), good ? "" : " bad",
                        html_text(verdict_text(member.verdict)), time_html(member.clock)) +
            count_cells(member.totals, member.response);
  }
  return html + "</table></div>";
}

std::string ratios_table(const Comparison& comparison) {
  std::string html = fmt::format(
      "<div class=\"table\"><table><tr><th>B over A</th><th>ratio</th><th>{:.1f} % interval</th></tr>",
      load::kRatioConfidence * 100);
  html += ratio_row("median", comparison.median) + ratio_row("p99", comparison.p99) +
          ratio_row("rate", comparison.rate);
  for (const auto& share : comparison.shares) {
    if (share.a == 0 && share.b == 0) continue;
    html +=
        fmt::format("<tr><td>{}</td><td{}>{} to {}</td><td class=\"dim\">{:+.3g} % to {:+.3g} %</td></tr>",
                    html_text(share.name), share.differs() ? " class=\"bad\"" : "", share_text(share.a),
                    share_text(share.b), share.lowest * 100, share.highest * 100);
  }
  return html + "</table></div>";
}

std::string checks_table(const std::vector<CheckOutcome>& checks) {
  if (checks.empty()) return "";
  std::string html = "<div class=\"table\"><table><tr><th>check</th><th>result</th><th>measured</th></tr>";
  for (const auto& outcome : checks) {
    html +=
        fmt::format("<tr><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>", html_text(outcome.check.text),
                    outcome.state == CheckOutcome::State::fails ? "bad" : "good", to_string(outcome.state),
                    html_text(measured_text(outcome)));
  }
  return html + "</table></div>";
}

}  // namespace leat::cli
