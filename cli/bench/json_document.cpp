#include "cli/bench/json_document.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <optional>
#include <string_view>

#include "cli/bench/hdr_encoding.hpp"
#include "engine/http/message/url.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/json_writer.hpp"
#include "engine/text/printable.hpp"

namespace leat::cli {

namespace {

using load::Histogram;
using load::Quantile;

constexpr std::array kPercentiles{50.0, 90.0, 95.0, 99.0, 99.9};

/// Writes members of objects, one after the other.
class Document {
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
  void key(std::string_view name) { json_.key(name); }
  // Whatever bytes a server or a user gave: they are shown as on a terminal.
  void value(std::string_view text) { json_.string(text::escaped(text)); }
  void text(std::string_view name, std::string_view what) {
    key(name);
    value(what);
  }
  void count(std::string_view name, std::uint64_t number) { json_.member(name, number); }
  void real(std::string_view name, double number, int decimals = 6) {
    key(name);
    json_.number(number, decimals);
  }
  void real_or_null(std::string_view name, const std::optional<double>& number, int decimals) {
    key(name);
    number ? json_.number(*number, decimals) : json_.null();
  }
  void time(std::string_view name, const Quantile& quantile, bool known = true) {
    key(name);
    known && !quantile.censored ? json_.number(quantile.value) : json_.null();
  }
  void time_p99(std::string_view name, const Histogram& histogram) {
    time(name, histogram.percentile(99), histogram.total() > 0);
  }

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
    key("latency");
    json_.begin_object();
    const auto& latency = measurement.result.latency;
    write_histogram("response", latency.response);
    write_histogram("service", latency.service);
    write_histogram("client_queue", latency.client_queue);
    write_histogram("dns", latency.dns);
    write_histogram("connect", latency.connect);
    write_histogram("tls", latency.tls);
    write_histogram("first_byte", latency.first_byte);
    write_histogram("transfer", latency.transfer);
    json_.end_object();
    write_targets(measurement.result);
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
    count("scheduled", totals.scheduled);
    count("sent", totals.sent);
    count("ok", totals.ok);
    count("failed", totals.failed);
    count("timed_out", totals.timed_out);
    count("dropped", totals.dropped);
    count("in_flight_at_end", totals.in_flight_at_end);
    count("bytes_in", totals.bytes_in);
    count("bytes_out", totals.bytes_out);
    count("connections_opened", totals.connections_opened);
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
      count("sent", target.tally.sent);
      count("ok", target.tally.ok);
      count("failed", target.tally.failed);
      count("timed_out", target.tally.timed_out);
      count("bytes_in", target.tally.bytes_in);
      write_histogram("response", target.response);
      write_statuses(target.by_status);
      write_errors(target.by_error);
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
    text("verdict", load::to_string(measurement.verdict.kind));
    key("reason");
    measurement.verdict.reason.empty() ? json_.null() : value(measurement.verdict.reason);
    json_.end_object();
  }

  // In the bound's own unit: nanoseconds, a rate per second, or a share of 1.
  void write_checks(const std::vector<CheckOutcome>& checks) {
    key("checks");
    json_.begin_array();
    for (const auto& outcome : checks) {
      const int digits = outcome.check.metric == Check::Metric::error_rate ? 9
                         : outcome.check.metric == Check::Metric::rate     ? 3
                                                                           : 0;
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
    key("differs");
    json_.boolean(comparison.differs());
    text("sentence", comparison_sentence(comparison));
    json_.end_object();
  }

  text::JsonWriter json_;
};

}  // namespace

std::string json_document(const BenchRecord& record) {
  Document document;
  document.write(record);
  return std::move(document).take();
}

}  // namespace leat::cli
