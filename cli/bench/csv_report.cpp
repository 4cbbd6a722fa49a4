#include "cli/bench/csv_report.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "cli/bench/text_report.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::cli {

namespace {

constexpr std::array kPercentiles{50.0, 90.0, 95.0, 99.0, 99.9};
constexpr std::string_view kHeader =
    "side,scope,name,scheduled,ok,status_errors,failed,timed_out,dropped,unanswered,resent,error_rate,rate,"
    "min_ns,mean_ns,max_ns,p50_ns,p90_ns,p95_ns,p99_ns,p99.9_ns\n";

std::string field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

std::string times(const load::Histogram& response) {
  std::string row = ",,,";
  if (response.count() > 0) {
    row = fmt::format(",{},{:.0f},{}", response.min(), response.mean(), response.max());
  }
  for (const double p : kPercentiles) {
    const auto estimate = load::estimate_percentile(response, p);
    const bool known = estimate && !estimate->value.censored;
    row += known ? fmt::format(",{}", estimate->value.value) : std::string(",");
  }
  return row;
}

std::string row(std::string_view side, std::string_view scope, std::string_view name,
                const load::Tally& tally, double seconds, const load::Histogram& response) {
  const auto errors = load::estimate_error_rate(tally);
  const auto answers = static_cast<double>(scope == "run" ? tally.finished_in_time : tally.ok);
  return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}{}\n", side, scope, field(name), tally.scheduled,
                     tally.ok, tally.status_errors, tally.failed, tally.timed_out, tally.dropped,
                     tally.unanswered, tally.resent, errors ? fmt::format("{:.9g}", errors->value) : "",
                     seconds > 0 ? fmt::format("{:.3f}", answers / seconds) : "", times(response));
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
  return csv;
}

}  // namespace leat::cli
