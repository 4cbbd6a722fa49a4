#include "cli/bench/json_document.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

#include "cli/bench/hdr_encoding.hpp"
#include "cli/bench/json_fields.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"

namespace leat::cli {

namespace {

using load::Histogram;
using load::Quantile;

constexpr std::array kPercentiles{50.0, 90.0, 95.0, 99.0, 99.9};

using Phases = load::PhaseHistograms;
constexpr std::pair<const char*, Histogram Phases::*> kPhases[] = {
    {"response", &Phases::response},         {"service", &Phases::service},
    {"client_queue", &Phases::client_queue}, {"dns", &Phases::dns},
    {"connect", &Phases::connect},           {"tls", &Phases::tls},
    {"first_byte", &Phases::first_byte},     {"transfer", &Phases::transfer},
    {"unexpected", &Phases::unexpected}};

int digits_of(const Check& check) noexcept {
  if (check.metric == Check::Metric::error_rate) return 9;
  if (check.is_of_comparison()) return 6;
  return check.metric == Check::Metric::rate ? 3 : 0;
}

/// Writes members of objects, one after the other.
class Document : private JsonFields {
 public:
  [[nodiscard]] std::string take() && { return std::string(json_.text()) + "\n"; }

  void write(const BenchRecord& record) {
    json_.begin_object();
    text("schema", kBenchSchema);
    key("argv");
    json_.begin_array();
    for (const auto& argument : record.argv) {
      json_.item();
      value(argument);
    }
    json_.end_array();
    write_environment(record.environment);
    write_measurement(record.subject);
    write_checks(record.checks);
    if (!record.aborted.empty()) text("aborted", record.aborted);
    if (record.noise_floor) write_noise_floor(*record.noise_floor);
    if (record.comparison) write_comparison(*record.comparison);
    if (record.found_rate) write_found_rate(*record.found_rate);
    if (record.other) {
      key("vs");
      json_.begin_object();
      write_measurement(*record.other);
      json_.end_object();
    }
    count("exit_code", static_cast<std::uint64_t>(record.exit_code));
    json_.end_object();
  }

 private:
  void write_environment(const Environment& here) {
    key("env");
    json_.begin_object();
    text("machine", here.machine);
    text("cpu", here.cpu);
    count("cpus", here.cpus);
    text("kernel", here.kernel);
    text("leat", here.leat);
    text("libraries", here.libraries);
    text("started_at", here.started_at);
    json_.end_object();
  }

  void write_measurement(const Measurement& measurement) {
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
    write_targets(measurement.result);
    if (!measurement.result.by_stage.empty()) write_stages(measurement.result);
    write_statuses(measurement.result.by_status);
    write_errors(measurement.result.by_error);
    write_series(measurement.result.series);
    write_client(measurement);
  }

  void write_plan(const Measurement& measurement) {
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
    count("targets", plan.targets.size());
    json_.end_object();
  }

  static double mean_rate(const load::LoadPlan& plan) {
    double requests = 0;
    double lasts = 0;
    for (const auto& stage : plan.stages) {
      requests += (stage.from + stage.to) / 2 * async::in_seconds(stage.lasts);
      lasts += async::in_seconds(stage.lasts);
    }
    return lasts > 0 ? requests / lasts : plan.rate;
  }

  void write_totals(const load::Tally& totals) {
    key("totals");
    json_.begin_object();
    write_counts(totals);
    count("connections_opened", totals.connections_opened);
    count("unsolicited", totals.unsolicited);
    json_.end_object();
  }

  void write_counts(const load::Tally& tally) {
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
  void write_estimate(std::string_view name, const std::optional<load::Estimate>& estimate, int digits) {
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

  void write_histogram(std::string_view name, const Histogram& histogram) {
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

  void write_percentiles(const Histogram& histogram) {
    key("p");
    json_.begin_object();
    for (const double p : kPercentiles) {
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

  void write_targets(const load::LoadResult& result) {
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

  void write_stages(const load::LoadResult& result) {
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

  void write_statuses(const std::map<int, std::uint64_t>& statuses) {
    key("by_status");
    json_.begin_object();
    for (const auto& [status, number] : statuses) count(std::to_string(status), number);
    json_.end_object();
  }

  void write_errors(const std::map<Errc, load::ErrorTally>& errors) {
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

  void write_series(const std::vector<load::SeriesPoint>& series) {
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

  void write_client(const Measurement& measurement) {
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

  // In the bound's own unit: nanoseconds, a rate per second, or a share of 1.
  void write_checks(const std::vector<CheckOutcome>& checks) {
    key("checks");
    json_.begin_array();
    for (const auto& outcome : checks) {
      const int digits = digits_of(outcome.check);
      json_.item();
      json_.begin_object();
      text("check", outcome.check.text);
      real("bound", outcome.check.bound, digits);
      real("v", outcome.measured.value, digits);
      real("lo", outcome.measured.lowest, digits);
      real("hi", outcome.measured.highest, digits);
      text("result", to_string(outcome.state));
      json_.end_object();
    }
    json_.end_array();
  }

  void write_ratio(std::string_view name, const std::optional<load::Ratio>& ratio) {
    key(name);
    if (!ratio) {
      json_.null();
      return;
    }
    json_.begin_object();
    real("v", ratio->value);
    real("lo", ratio->lowest);
    real("hi", ratio->highest);
    json_.end_object();
  }

  void write_noise_floor(const NoiseFloor& floor) {
    key("noise_floor");
    json_.begin_object();
    real("rate", floor.rate.value, 3);
    time("p50", floor.p50, floor.p50.value > 0);
    time("p99", floor.p99, floor.p99.value > 0);
    json_.end_object();
  }

  void write_found_rate(const FoundRate& found) {
    key("find_rate");
    json_.begin_object();
    text("check", found.check);
    real_or_null("held", found.held, 3);
    real_or_null("failed", found.failed, 3);
    count("trials", found.trials);
    text("sentence", found.sentence);
    json_.end_object();
  }

  void write_comparison(const Comparison& comparison) {
    key("comparison");
    json_.begin_object();
    text("a", comparison.a);
    text("b", comparison.b);
    count("groups", comparison.groups);
    real("confidence", load::kRatioConfidence, 4);
    write_ratio("median", comparison.median);
    write_ratio("p99", comparison.p99);
    write_ratio("rate", comparison.rate);
    key("shares");
    json_.begin_array();
    for (const auto& share : comparison.shares) {
      json_.item();
      json_.begin_object();
      text("name", share.name);
      real("a", share.a, 9);
      real("b", share.b, 9);
      real("lo", share.lowest, 9);
      real("hi", share.highest, 9);
      json_.end_object();
    }
    json_.end_array();
    key("differs");
    json_.boolean(comparison.differs());
    text("sentence", comparison_sentence(comparison));
    json_.end_object();
  }
};

}  // namespace

std::string json_document(const BenchRecord& record) {
  Document document;
  document.write(record);
  return std::move(document).take();
}

}  // namespace leat::cli
