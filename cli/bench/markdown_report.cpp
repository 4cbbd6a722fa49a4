#include "cli/bench/markdown_report.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include "cli/bench/text_report.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

namespace {

using Row = std::vector<std::string>;

// What has a meaning in a cell stands for itself.
std::string cell(std::string_view text) {
  std::string cell;
  for (const char c : text::escaped(text)) {
    if (std::string_view("|\\`*_<>[]").find(c) != std::string_view::npos) cell += '\\';
    cell += c;
  }
  return cell;
}

/// The first column is text, and the others are numbers.
class Table {
 public:
  explicit Table(const Row& heads) {
    add(heads);
    text_ += "| :--- |";
    for (std::size_t i = 1; i < heads.size(); ++i) text_ += " ---: |";
    text_ += "\n";
  }
  void add(const Row& row) {
    text_ += "|";
    for (const auto& one : row) text_ += " " + cell(one) + " |";
    text_ += "\n";
  }
  [[nodiscard]] std::string text() const { return text_ + "\n"; }

 private:
  std::string text_;
};

std::string totals_table(const Measurement& measurement) {
  const auto& result = measurement.result;
  const auto& totals = result.totals;
  Table table({"", "value"});
  const auto count = [&](const char* name, std::uint64_t number, bool always = false) {
    if (number > 0 || always) table.add({name, text::format_count(number)});
  };
  if (result.by_stage.empty()) table.add({"rate", rate_text(result)});
  if (std::string paused = paused_text(result); !paused.empty()) table.add({"paused", std::move(paused)});
  count("ok", totals.ok, true);
  if (totals.status_errors > 0) table.add({"answers", bad_answers_text(measurement)});
  count("failed", totals.failed, true);
  count("timed out", totals.timed_out, true);
  count("never sent", totals.dropped);
  count("never answered", totals.unanswered);
  count("sent again", totals.resent);
  if (measurement.plan.samples_answers) table.add({"expected", findings_text(result)});
  if (const auto rate = error_rate_text(totals)) table.add({"error rate", *rate});
  count("connections", totals.connections_opened, true);
  count("TLS handshakes", result.latency.tls.count());
  count("that resumed a session", result.latency.tls_resumed.count());
  return table.text();
}

std::string times_table(std::string_view title, const load::Histogram& times) {
  if (times.total() == 0) return "";
  Table table({std::string(title), "", "95 % interval"});
  const auto time = [](double ns) { return text::format_nanoseconds(ns); };
  if (const auto mean = load::estimate_mean(times)) {
    table.add({"mean", time(mean->value), "± " + time(mean->value - mean->lowest)});
  } else if (times.count() > 0) {
    table.add({"mean", time(times.mean()), ""});
  }
  for (const double p : kReportedPercentiles) {
    const auto estimate = load::estimate_percentile(times, p);
    if (!estimate) {
      table.add({fmt::format("p{}", p), "withheld", fmt::format("takes {}", load::samples_for(p))});
      continue;
    }
    const std::string highest =
        estimate->highest.censored ? "no end" : time(static_cast<double>(estimate->highest.value));
    table.add({fmt::format("p{}", p), quantile_text(estimate->value),
               fmt::format("{} to {}", quantile_text(estimate->lowest), highest)});
  }
  return table.text();
}

Row part_row(std::string name, const load::Tally& tally, const load::Histogram& response) {
  return {std::move(name), text::format_count(tally.ok), text::format_count(load::count_errors(tally)),
          percentile_text(response, 50), percentile_text(response, 99)};
}

std::string parts_tables(const load::LoadResult& result) {
  std::string text;
  if (result.by_target.size() > 1) {
    Table table({"target", "ok", "not", "p50", "p99"});
    for (const auto& target : result.by_target) {
      table.add(
          part_row(target.method + " " + http::without_userinfo(target.url), target.tally, target.response));
    }
    text += table.text();
  }
  if (result.by_address.size() > 1) {
    Table table({"address", "ok", "not", "p50", "p99"});
    for (const auto& one : result.by_address) table.add(part_row(one.address, one.tally, one.response));
    text += table.text();
  }
  if (!result.by_stage.empty()) {
    Table table({"stage", "ok", "not", "p50", "p99"});
    for (const auto& stage : result.by_stage) {
      table.add(part_row(stage_text(stage.stage), stage.tally, stage.response));
    }
    text += table.text();
  }
  return text;
}

std::string outcomes_table(const load::LoadResult& result) {
  if (result.by_status.empty() && result.by_error.empty()) return "";
  Table table({"outcome", "count"});
  for (const auto& [status, count] : result.by_status) {
    table.add({fmt::format("status {}", status), text::format_count(count)});
  }
  for (const auto& [code, error] : result.by_error) {
    table.add({fmt::format("{}: {}", to_string(code), error.example), text::format_count(error.count)});
  }
  return table.text();
}

std::string members_table(const std::vector<MemberRow>& members) {
  if (members.empty()) return "";
  Table table({"member", "ok", "rate", "not", "p50", "p99", "client", "clock from Redis's"});
  for (const auto& member : members) {
    if (!member.is_here) {
      table.add({member.name + ": " + std::string(kDiedText), "", "", "", "", "", "", ""});
      continue;
    }
    table.add({member.name, text::format_count(member.totals.ok), text::format_rate(member.rate),
               text::format_count(load::count_errors(member.totals)), percentile_text(member.response, 50),
               percentile_text(member.response, 99), verdict_text(member.verdict), member.clock});
  }
  return table.text();
}

std::string side_text(const Measurement& measurement) {
  const auto& latency = measurement.result.latency;
  const auto& verdict = measurement.verdict;
  return fmt::format("### {}\n\n", cell(name_of(measurement))) + totals_table(measurement) +
         times_table("response time", latency.response) +
         times_table("of the other answers", latency.unexpected) + parts_tables(measurement.result) +
         outcomes_table(measurement.result) +
         fmt::format("client: {}{}{}\n\n", load::to_string(verdict.kind), verdict.reason.empty() ? "" : ", ",
                     cell(verdict.reason));
}

std::string ratios_table(const Comparison& comparison) {
  Table table({"B over A", "ratio", fmt::format("{:.1f} % interval", load::kRatioConfidence * 100)});
  const auto add = [&](const char* name, const std::optional<load::Ratio>& ratio) {
    if (!ratio) return table.add({name, "withheld", ""});
    table.add({name, fmt::format("{:.3f}", ratio->value),
               fmt::format("{:.3f} to {:.3f}", ratio->lowest, ratio->highest)});
  };
  add("median", comparison.median);
  add("p99", comparison.p99);
  add("rate", comparison.rate);
  for (const auto& share : comparison.shares) {
    if (share.a == 0 && share.b == 0) continue;
    table.add({share.name, share_text(share.a) + " to " + share_text(share.b),
               fmt::format("{:+.3g} % to {:+.3g} %", share.lowest * 100, share.highest * 100)});
  }
  return table.text();
}

}  // namespace

std::string markdown_report(const BenchRecord& record) {
  std::string text = "## leat bench\n\n";
  if (record.comparison) {
    text += cell(comparison_sentence(*record.comparison)) + "\n\n" + ratios_table(*record.comparison);
  }
  if (record.found_rate) text += cell(record.found_rate->sentence) + "\n\n";
  if (!record.aborted.empty()) text += "aborted: " + cell(record.aborted) + "\n\n";
  if (!record.checks.empty()) {
    Table table({"check", "result", "measured"});
    for (const auto& outcome : record.checks) {
      table.add({outcome.check.text, std::string(to_string(outcome.state)), measured_text(outcome)});
    }
    text += table.text();
  }
  text += side_text(record.subject);
  if (record.other) text += side_text(*record.other);
  text += members_table(record.members);
  return text + fmt::format("```sh\n{}\n```\n", text::escaped(command_line(record.argv)));
}

}  // namespace leat::cli
