#include "cli/bench/csv_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/bench/text_report.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/delimited.hpp"

namespace leat::cli {

namespace {

constexpr std::string_view kHeader =
    "side,scope,name,scheduled,ok,status_errors,failed,timed_out,dropped,unanswered,resent,error_rate,rate,"
    "min_ns,mean_ns,max_ns,p50_ns,p90_ns,p95_ns,p99_ns,p99.9_ns\n";

void add_times(text::RowText& row, const load::Histogram& response) {
  const bool known = response.count() > 0;
  row.field(known ? fmt::format("{}", response.min()) : "");
  row.field(known ? fmt::format("{:.0f}", response.mean()) : "");
  row.field(known ? fmt::format("{}", response.max()) : "");
  for (const double p : kReportedPercentiles) {
    const auto estimate = load::estimate_percentile(response, p);
    row.field(estimate && !estimate->value.censored ? fmt::format("{}", estimate->value.value) : "");
  }
}

std::string row(std::string_view side, std::string_view scope, std::string_view name,
                const load::Tally& tally, double seconds, const load::Histogram& response) {
  const auto errors = load::estimate_error_rate(tally);
  const bool is_whole = scope == "run" || scope == "member";
  const auto answers = static_cast<double>(is_whole ? tally.finished_in_time : tally.ok);
  std::string csv;
  text::RowText row(text::Delimited::csv, csv);
  for (const std::string_view text : {side, scope, name}) row.field(text);
  for (const auto count : {tally.scheduled, tally.ok, tally.status_errors, tally.failed, tally.timed_out,
                           tally.dropped, tally.unanswered, tally.resent}) {
    row.field(fmt::format("{}", count));
  }
  row.field(errors ? fmt::format("{:.9g}", errors->value) : "");
  row.field(seconds > 0 ? fmt::format("{:.3f}", answers / seconds) : "");
  add_times(row, response);
  row.end();
  return csv;
}

// Nothing is known of one that has died but its name.
std::string member_row(std::string_view side, const MemberRow& member) {
  if (member.is_here) {
    return row(side, "member", member.name, member.totals, async::in_seconds(member.measured),
               member.response);
  }
  std::string csv;
  text::RowText row(text::Delimited::csv, csv);
  for (const std::string_view text : {side, std::string_view("member"), std::string_view(member.name)}) {
    row.field(text);
  }
  for (auto more = std::count(kHeader.begin(), kHeader.end(), ',') - 2; more > 0; --more) row.field("");
  row.end();
  return csv;
}

std::string side_rows(std::string_view side, const Measurement& measurement) {
  const auto& result = measurement.result;
  const double seconds = async::in_seconds(result.measured);
  std::string rows = row(side, "run", name_of(measurement), result.totals, seconds, result.latency.response);
  if (result.by_target.size() > 1) {
    for (const auto& target : result.by_target) {
      rows += row(side, "target", target.method + " " + http::without_userinfo(target.url), target.tally,
                  seconds, target.response);
    }
  }
  if (result.by_address.size() > 1) {
    for (const auto& one : result.by_address) {
      rows += row(side, "address", one.address, one.tally, seconds, one.response);
    }
  }
  for (const auto& stage : result.by_stage) {
    rows += row(side, "stage", stage_text(stage.stage), stage.tally, async::in_seconds(stage.stage.lasts),
                stage.response);
  }
  return rows;
}

}  // namespace

std::string csv_report(const BenchRecord& record) {
  std::string csv(kHeader);
  csv += side_rows("a", record.subject);
  if (record.other) csv += side_rows("b", *record.other);
  // The last of the runs that --vs makes in turns is one of either side.
  for (const auto& member : record.members) csv += member_row(record.other ? "" : "a", member);
  return csv;
}

}  // namespace leat::cli
