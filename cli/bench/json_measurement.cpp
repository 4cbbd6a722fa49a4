#include "cli/bench/json_measurement.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "cli/bench/hdr_encoding.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::cli {

namespace {

using load::Histogram;

using Phases = load::PhaseHistograms;
constexpr std::pair<const char*, Histogram Phases::*> kPhases[] = {
    {"response", &Phases::response},         {"service", &Phases::service},
    {"client_queue", &Phases::client_queue}, {"dns", &Phases::dns},
    {"connect", &Phases::connect},           {"tls", &Phases::tls},
    {"tls_resumed", &Phases::tls_resumed},   {"first_byte", &Phases::first_byte},
    {"transfer", &Phases::transfer},         {"unexpected", &Phases::unexpected}};

double mean_rate(const load::LoadPlan& plan) {
  double requests = 0;
  double lasts = 0;
  for (const auto& stage : plan.stages) {
    requests += (stage.from + stage.to) / 2 * async::in_seconds(stage.lasts);
    lasts += async::in_seconds(stage.lasts);
  }
  return lasts > 0 ? requests / lasts : plan.rate;
}

}  // namespace

void JsonMeasurement::write_measurement(const Measurement& measurement) {
  write_plan(measurement);
  write_totals(measurement.result.totals);
  write_estimate("rate", load::estimate_rate(measurement.result), 3);
  write_estimate("error_rate", load::estimate_error_rate(measurement.result.totals), 9);
  key("latency");
  json_.begin_object();
  for (const auto& [name, histogram] : kPhases) {
    write_histogram(name, measurement.result.latency.*histogram);
  }
  json_.end_object();
  if (measurement.plan.samples_answers) write_findings(measurement.result.findings);
  write_targets(measurement.result);
  write_addresses(measurement.result);
  if (!measurement.result.by_stage.empty()) write_stages(measurement.result);
  write_statuses(measurement.result.by_status);
  write_errors(measurement.result.by_error);
  write_series(measurement.result.series);
  write_client(measurement);
}

void JsonMeasurement::write_findings(const load::SampleFindings& findings) {
  key("expectation");
  json_.begin_object();
  count("looked_at", findings.looked_at);
  count("unfit", findings.unfit);
  key("example");
  findings.example.empty() ? json_.null() : value(findings.example);
  json_.end_object();
}

void JsonMeasurement::write_plan(const Measurement& measurement) {
  const auto& plan = measurement.plan;
  const bool open = plan.mode == load::LoadPlan::Mode::open;
  key("plan");
  json_.begin_object();
  text("mode", open ? "open" : "closed");
  real_or_null("rate", open ? std::optional(mean_rate(plan)) : std::nullopt, 3);
  count("concurrency", plan.concurrency);
  count("threads", plan.threads);
  real("warmup_s", async::in_seconds(plan.warmup));
  real("measured_s", async::in_seconds(measurement.result.measured));
  if (const auto paused = measurement.result.paused; paused.count() > 0) {
    real("paused_s", async::in_seconds(paused));
  }
  count("targets", plan.targets.size());
  json_.end_object();
}

void JsonMeasurement::write_totals(const load::Tally& totals) {
  key("totals");
  json_.begin_object();
  write_counts(totals);
  count("connections_opened", totals.connections_opened);
  count("unsolicited", totals.unsolicited);
  json_.end_object();
}

void JsonMeasurement::write_counts(const load::Tally& tally) {
  count("scheduled", tally.scheduled);
  count("sent", tally.sent);
  count("ok", tally.ok);
  count("failed", tally.failed);
  count("timed_out", tally.timed_out);
  count("dropped", tally.dropped);
  count("unanswered", tally.unanswered);
  count("resent", tally.resent);
  count("status_errors", tally.status_errors);
  count("in_flight_at_end", tally.in_flight_at_end);
  count("bytes_in", tally.bytes_in);
  count("bytes_out", tally.bytes_out);
}

// An end that is not known is null.
void JsonMeasurement::write_estimate(std::string_view name, const std::optional<load::Estimate>& estimate,
                                     int digits) {
  key(name);
  if (!estimate) {
    json_.null();
    return;
  }
  const bool known = std::isfinite(estimate->highest);
  json_.begin_object();
  real("v", estimate->value, digits);
  real_or_null("lo", known ? std::optional(estimate->lowest) : std::nullopt, digits);
  real_or_null("hi", known ? std::optional(estimate->highest) : std::nullopt, digits);
  json_.end_object();
}

void JsonMeasurement::write_histogram(std::string_view name, const Histogram& histogram) {
  const bool some = histogram.count() > 0;
  key(name);
  json_.begin_object();
  count("count", histogram.count());
  count("censored", histogram.censored());
  time("min", {histogram.min(), false}, some);
  time("mean", {static_cast<std::uint64_t>(std::llround(histogram.mean())), false}, some);
  time("stdev", {static_cast<std::uint64_t>(std::llround(histogram.stdev())), false}, some);
  time("max", {histogram.max(), false}, some);
  write_percentiles(histogram);
  text("hdr", encode_hdr(histogram));
  json_.end_object();
}

void JsonMeasurement::write_percentiles(const Histogram& histogram) {
  key("p");
  json_.begin_object();
  for (const double p : kReportedPercentiles) {
    key(fmt::format("{}", p));
    const auto estimate = load::estimate_percentile(histogram, p);
    if (!estimate) {
      json_.null();
      continue;
    }
    json_.begin_object();
    time("v", estimate->value);
    // A lower end among censored values is at least their bound.
    time("lo", {estimate->lowest.value, false});
    time("hi", estimate->highest);
    json_.end_object();
  }
  json_.end_object();
}

void JsonMeasurement::write_targets(const load::LoadResult& result) {
  key("by_target");
  json_.begin_array();
  for (const auto& target : result.by_target) {
    json_.item();
    json_.begin_object();
    text("url", http::without_userinfo(target.url));
    text("method", target.method);
    write_counts(target.tally);
    write_histogram("response", target.response);
    write_statuses(target.by_status);
    write_errors(target.by_error);
    json_.end_object();
  }
  json_.end_array();
}

void JsonMeasurement::write_addresses(const load::LoadResult& result) {
  key("by_address");
  json_.begin_array();
  for (const auto& one : result.by_address) {
    json_.item();
    json_.begin_object();
    text("address", one.address);
    write_counts(one.tally);
    count("connections_opened", one.tally.connections_opened);
    write_histogram("response", one.response);
    json_.end_object();
  }
  json_.end_array();
}

void JsonMeasurement::write_stages(const load::LoadResult& result) {
  key("by_stage");
  json_.begin_array();
  for (const auto& one : result.by_stage) {
    json_.item();
    json_.begin_object();
    real("lasts_s", async::in_seconds(one.stage.lasts));
    real("from", one.stage.from, 3);
    real("to", one.stage.to, 3);
    write_counts(one.tally);
    write_histogram("response", one.response);
    json_.end_object();
  }
  json_.end_array();
}

void JsonMeasurement::write_statuses(const std::map<int, std::uint64_t>& statuses) {
  key("by_status");
  json_.begin_object();
  for (const auto& [status, number] : statuses) count(std::to_string(status), number);
  json_.end_object();
}

void JsonMeasurement::write_errors(const std::map<Errc, load::ErrorTally>& errors) {
  key("by_error");
  json_.begin_object();
  for (const auto& [code, tally] : errors) {
    key(to_string(code));
    json_.begin_object();
    count("count", tally.count);
    real("first_s", async::in_seconds(tally.first));
    text("example", tally.example);
    json_.end_object();
  }
  json_.end_object();
}

void JsonMeasurement::write_series(const std::vector<load::SeriesPoint>& series) {
  key("series");
  json_.begin_array();
  for (const auto& point : series) {
    json_.item();
    json_.begin_object();
    real("t_s", async::in_seconds(point.start), 3);
    count("sent", point.sent);
    count("ok", point.ok);
    count("status_errors", point.status_errors);
    count("failed", point.failed);
    time("p50", point.p50, point.p50.value > 0);
    time("p99", point.p99, point.p99.value > 0);
    real("in_flight", point.in_flight, 3);
    time("schedule_lag_p99", point.schedule_lag_p99);
    real("cpu", point.cpu, 3);
    json_.end_object();
  }
  json_.end_array();
}

void JsonMeasurement::write_client(const Measurement& measurement) {
  const auto& client = measurement.result.client;
  key("client");
  json_.begin_object();
  key("cpu");
  json_.begin_array();
  for (const double one : client.cpu) {
    json_.item();
    json_.number(one, 3);
  }
  json_.end_array();
  time_p99("loop_lag_p99", client.loop_lag);
  time_p99("schedule_lag_p99", client.schedule_lag);
  real_or_null("little", measurement.verdict.little, 4);
  key("verdict");
  const auto kind = measurement.verdict.kind;
  kind == load::Verdict::Kind::none ? json_.null() : value(load::to_string(kind));
  key("reason");
  measurement.verdict.reason.empty() ? json_.null() : value(measurement.verdict.reason);
  json_.end_object();
}

}  // namespace leat::cli
