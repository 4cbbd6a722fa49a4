#include "cli/bench/text_report.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include "engine/load/estimates.hpp"
#include "engine/load/quantile_interval.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::cli {

std::string quantile_text(const load::Quantile& quantile) {
  return (quantile.censored ? ">" : "") + text::format_nanoseconds(static_cast<double>(quantile.value));
}

namespace {

using load::Histogram;
using load::LoadPlan;

constexpr std::array kPercentiles{50.0, 90.0, 95.0, 99.0, 99.9};
constexpr std::size_t kMostTargets = 10;

std::string load_text(const Measurement& measurement) {
  const auto& plan = measurement.plan;
  const std::string mode = plan.mode == LoadPlan::Mode::closed ? std::string("closed loop")
                           : plan.stages.empty() ? "open loop at " + text::format_rate(plan.rate)
                                                 : std::string("open loop in stages");
  return fmt::format("  {}, {} at once, {} thread{}, measured for {}\n\n", mode, plan.concurrency,
                     plan.threads, plan.threads == 1 ? "" : "s",
                     text::format_elapsed(measurement.result.measured));
}

std::string rate_lines(const load::LoadResult& result) {
  const auto rate = load::estimate_rate(result);
  const double elapsed = async::in_seconds(result.measured);
  const double bytes = elapsed > 0 ? static_cast<double>(result.totals.bytes_in) / elapsed : 0;
  return fmt::format("  rate       {} ± {}   {}/s in\n", text::format_rate(rate.value),
                     text::format_rate(rate.highest - rate.value), text::format_bytes(bytes));
}

std::string totals_line(const load::Tally& totals) {
  std::string line =
      fmt::format("  requests   {} ok, {} failed, {} timed out", totals.ok, totals.failed, totals.timed_out);
  if (totals.dropped > 0) line += fmt::format(", {} never sent", totals.dropped);
  if (totals.in_flight_at_end > 0) {
    line += fmt::format(", {} unanswered at the end", totals.in_flight_at_end);
  }
  return line + "\n";
}

std::string mean_line(const Histogram& times) {
  const auto mean = load::estimate_mean(times);
  if (!mean) return "";
  return fmt::format("  mean       {} ± {}, deviation {}, {} to {}\n", text::format_nanoseconds(mean->value),
                     text::format_nanoseconds(mean->value - mean->lowest),
                     text::format_nanoseconds(times.stdev()),
                     text::format_nanoseconds(static_cast<double>(times.min())),
                     text::format_nanoseconds(static_cast<double>(times.max())));
}

std::string percentile_line(const Histogram& times, double p) {
  const std::string name = fmt::format("p{}", p);
  const auto estimate = load::estimate_percentile(times, p);
  if (!estimate) {
    return fmt::format("  {:<11}withheld: {} samples, it takes {} to be sure of it\n", name,
                       text::format_count(times.total()), text::format_count(load::samples_for(p)));
  }
  // What never ended has no upper end.
  const std::string highest = estimate->highest.censored
                                  ? std::string("no end: failures are in it")
                                  : text::format_nanoseconds(static_cast<double>(estimate->highest.value));
  return fmt::format("  {:<11}{:<10} ({} to {})\n", name, quantile_text(estimate->value),
                     quantile_text(estimate->lowest), highest);
}

std::string table(std::string_view title, const Histogram& times) {
  if (times.total() == 0) return fmt::format("\n  {}: none\n", title);
  std::string text = fmt::format("\n  {}\n", title);
  text += mean_line(times);
  for (const double p : kPercentiles) text += percentile_line(times, p);
  return text;
}

std::string short_line(std::string_view name, const Histogram& times) {
  if (times.total() == 0) return "";
  std::string line = fmt::format("  {:<13}", name);
  for (const double p : {50.0, 90.0, 99.0})
    line += fmt::format("p{} {:<10} ", p, quantile_text(times.percentile(p)));
  return line + fmt::format("max {}\n", text::format_nanoseconds(static_cast<double>(times.max())));
}

std::string times_text(const Measurement& measurement) {
  const auto& latency = measurement.result.latency;
  if (measurement.plan.mode == LoadPlan::Mode::closed)
    return table("response time, with 95 % intervals", latency.response);
  std::string text = table("response time from the planned send, with 95 % intervals", latency.response);
  text += "\n";
  text += short_line("service", latency.service);
  text += short_line("client queue", latency.client_queue);
  return text;
}

std::string targets_text(const load::LoadResult& result) {
  if (result.by_target.size() < 2) return "";
  std::string text = "\n  by target\n";
  std::size_t shown = 0;
  for (const auto& target : result.by_target) {
    if (++shown > kMostTargets) {
      return text +
             fmt::format("  … and {} more (--format json has all)\n", result.by_target.size() - kMostTargets);
    }
    text += fmt::format("  {} {}: {} ok, {} failed, p50 {}, p99 {}\n", text::escaped(target.method),
                        text::in_quotes(target.url), text::format_count(target.tally.ok),
                        text::format_count(target.tally.failed + target.tally.timed_out),
                        quantile_text(target.response.percentile(50)),
                        quantile_text(target.response.percentile(99)));
  }
  return text;
}

std::string outcome_text(const load::LoadResult& result) {
  std::string text = result.by_status.empty() && result.by_error.empty() ? "" : "\n";
  for (const auto& [status, count] : result.by_status) text += fmt::format("  status {} {}\n", status, count);
  for (const auto& [code, error] : result.by_error) {
    text += fmt::format("  {} {}, first after {}: {}\n", to_string(code), error.count,
                        text::format_elapsed(error.first), text::escaped(error.example));
  }
  return text;
}

std::string client_line(const Measurement& measurement) {
  const auto& client = measurement.result.client;
  double busiest = 0;
  for (const double one : client.cpu) busiest = std::max(busiest, one);
  std::string line = fmt::format("\n  client     {}", load::to_string(measurement.verdict.kind));
  if (!measurement.verdict.reason.empty()) return line + ": " + measurement.verdict.reason + "\n";
  return line + fmt::format(": busiest thread {:.0f} %, loop lag p99 {}{}\n", busiest * 100,
                            quantile_text(client.loop_lag.percentile(99)),
                            client.schedule_lag.total() > 0
                                ? ", schedule lag p99 " + quantile_text(client.schedule_lag.percentile(99))
                                : std::string());
}

std::string measurement_text(const Measurement& measurement) {
  const auto& result = measurement.result;
  std::string text =
      fmt::format("leat bench: {}{}\n", name_of(measurement), result.stopped ? " (stopped early)" : "");
  text += load_text(measurement) + totals_line(result.totals) + rate_lines(result);
  return text + times_text(measurement) + targets_text(result) + outcome_text(result) +
         client_line(measurement);
}

std::string noise_floor_text(const NoiseFloor& floor) {
  return fmt::format(
      "noise floor: {}, p50 {}, p99 {} for the same load on a responder inside leat;\n"
      "             what comes near it is as much the client's and this machine's as the server's\n\n",
      text::format_rate(floor.rate.value), quantile_text(floor.p50), quantile_text(floor.p99));
}

std::string checks_text(const std::vector<CheckOutcome>& checks) {
  std::string text = checks.empty() ? "" : "\n";
  for (const auto& outcome : checks) {
    text += fmt::format("  check      {}: {}, {}\n", text::escaped(outcome.check.text),
                        to_string(outcome.state), measured_text(outcome));
  }
  return text;
}

}  // namespace

std::string text_report(const BenchRecord& record) {
  std::string text = record.noise_floor ? noise_floor_text(*record.noise_floor) : "";
  text += measurement_text(record.subject);
  if (record.other) text += "\n" + measurement_text(*record.other);
  text += checks_text(record.checks);
  if (record.found_rate) text += "\n" + record.found_rate->sentence + "\n";
  if (record.comparison) text += "\n" + comparison_text(*record.comparison);
  return text;
}

}  // namespace leat::cli
