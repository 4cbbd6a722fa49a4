#include "cli/bench/text_report.hpp"

#include <fmt/format.h>

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

std::string percentile_text(const load::Histogram& times, double p) {
  return times.total() == 0 ? "–" : quantile_text(times.percentile(p));
}

std::string rate_text(const load::LoadResult& result) {
  const auto rate = load::estimate_rate(result);
  const std::string value = text::format_rate(rate.value);
  if (std::isinf(rate.highest)) return value + " (too short a run for an interval)";
  return fmt::format("{} ± {} in this run", value, text::format_rate(rate.highest - rate.value));
}

std::string bad_answers_text(const Measurement& measurement) {
  const auto& totals = measurement.result.totals;
  return fmt::format("{} answered, {} of them with {}", text::format_count(totals.ok + totals.status_errors),
                     text::format_count(totals.status_errors),
                     measurement.plan.expected.empty() ? "status ≥ 400" : "a status that is not expected");
}

std::optional<std::string> error_rate_text(const load::Tally& totals) {
  const auto share = load::estimate_error_rate(totals);
  if (!share) return std::nullopt;
  return fmt::format("{} ({} to {})", share_text(share->value), share_text(share->lowest),
                     share_text(share->highest));
}

std::string findings_text(const load::LoadResult& result) {
  const auto& findings = result.findings;
  if (findings.looked_at == 0) return "none of the good answers could be looked at";
  const std::string looked =
      fmt::format("{} of {} good answers were looked at, ", text::format_count(findings.looked_at),
                  text::format_count(result.totals.ok));
  if (findings.unfit == 0) return looked + "and all of them are as --expect says";
  return looked + fmt::format("and {} of them are not as --expect says: {}",
                              text::format_count(findings.unfit), text::escaped(findings.example));
}

std::string paused_text(const load::LoadResult& result) {
  if (result.paused.count() == 0) return "";
  return fmt::format(
      "{}, as by Ctrl-Z; that time is in no figure, but answers to requests that were under way "
      "then may have taken longer than is said",
      text::format_elapsed(result.paused));
}

std::string stage_text(const load::RateStage& stage) {
  const std::string from = text::format_rate(stage.from);
  const bool steady = stage.from == stage.to;
  return fmt::format("{} at {}", text::format_in_largest_unit(stage.lasts),
                     steady ? from : from + " to " + text::format_rate(stage.to));
}

double stage_rate(const load::StageResult& stage) {
  const double seconds = async::in_seconds(stage.stage.lasts);
  return seconds > 0 ? static_cast<double>(stage.tally.ok) / seconds : 0;
}

namespace {

using load::Histogram;
using load::LoadPlan;

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

std::string rate_lines(const Measurement& measurement) {
  const auto& result = measurement.result;
  const double elapsed = async::in_seconds(result.measured);
  const double bytes = elapsed > 0 ? static_cast<double>(result.totals.bytes_in) / elapsed : 0;
  const std::string received = text::format_bytes(bytes) + "/s in";
  // Of a load whose rate changes, one rate says nothing; each stage has its own.
  if (!result.by_stage.empty()) return fmt::format("  received   {}\n", received);
  return fmt::format("  rate       {}   {}\n", rate_text(result), received);
}

std::string totals_line(const load::Tally& totals) {
  std::string line =
      fmt::format("  requests   {} ok, {} failed, {} timed out", totals.ok, totals.failed, totals.timed_out);
  if (totals.dropped > 0) line += fmt::format(", {} never sent", totals.dropped);
  if (totals.unanswered > 0) line += fmt::format(", {} never answered", totals.unanswered);
  if (const auto cut_off = totals.in_flight_at_end - totals.unanswered; cut_off > 0) {
    line += fmt::format(", {} in flight at the end", cut_off);
  }
  return line + "\n";
}

// What is not as it should be, on a line of its own.
std::string errors_line(const Measurement& measurement, const Colours& colours) {
  const auto& totals = measurement.result.totals;
  std::string line;
  if (totals.status_errors > 0) {
    line += "  answers    " + colours.bad(bad_answers_text(measurement)) + "\n";
  }
  if (measurement.plan.samples_answers) {
    const std::string found = findings_text(measurement.result);
    const bool fits = measurement.result.findings.unfit == 0;
    line += "  expected   " + (fits ? found : colours.bad(found)) + "\n";
  }
  const auto rate = error_rate_text(totals);
  if (!rate || load::count_errors(totals) == 0) return line;
  return line + "  error rate " + colours.bad(*rate) + "\n";
}

std::string connections_line(const load::LoadResult& result) {
  const auto& totals = result.totals;
  std::string line = fmt::format("  connected  {} time{}", totals.connections_opened,
                                 totals.connections_opened == 1 ? "" : "s");
  if (const auto& latency = result.latency; latency.tls.count() > 0) {
    line +=
        fmt::format(", {} of {} TLS handshakes resumed a session",
                    text::format_count(latency.tls_resumed.count()), text::format_count(latency.tls.count()));
  }
  if (totals.resent > 0) {
    line += fmt::format(", {} request{} sent again after their connection had ended", totals.resent,
                        totals.resent == 1 ? "" : "s");
  }
  if (totals.unsolicited > 0) {
    line += fmt::format(", {} dropped on which something came unasked", totals.unsolicited);
  }
  return line + "\n";
}

std::string mean_line(const Histogram& times) {
  const auto time = [](double value) { return text::format_nanoseconds(value); };
  const auto min = static_cast<double>(times.min());
  const auto max = static_cast<double>(times.max());
  const auto mean = load::estimate_mean(times);
  if (!mean && times.count() == 0) return "";
  if (!mean)
    return fmt::format("  mean       {}, min {}, max {}\n", time(times.mean()), time(min), time(max));
  return fmt::format("  mean       {} ± {}, deviation {}, {} to {}\n", time(mean->value),
                     time(mean->value - mean->lowest), time(times.stdev()), time(min), time(max));
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
  if (times.total() < load::samples_for(kReportedPercentiles.front())) {
    return text + fmt::format("  percentiles withheld: {} sample{}, p50 takes {}\n", times.total(),
                              times.total() == 1 ? "" : "s", load::samples_for(kReportedPercentiles.front()));
  }
  for (const double p : kReportedPercentiles) text += percentile_line(times, p);
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
  const bool open = measurement.plan.mode == LoadPlan::Mode::open;
  const std::string_view from = open ? " from the planned send" : "";
  std::string text = table(fmt::format("response time{}, with 95 % intervals", from), latency.response);
  if (latency.unexpected.count() > 0) {
    text += table(fmt::format("response time{} of the other answers, with 95 % intervals", from),
                  latency.unexpected);
  }
  text += "\n";
  if (open) text += short_line("service", latency.service) + short_line("client queue", latency.client_queue);
  return text + short_line("look-up", latency.dns) + short_line("connect", latency.connect) +
         short_line("TLS", latency.tls) + short_line("TLS resumed", latency.tls_resumed) +
         short_line("first byte", latency.first_byte);
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
    text += fmt::format("  {} {}: {} ok, {} not, p50 {}, p99 {}\n", text::escaped(target.method),
                        text::in_quotes(target.url), text::format_count(target.tally.ok),
                        text::format_count(load::count_errors(target.tally)),
                        percentile_text(target.response, 50), percentile_text(target.response, 99));
  }
  return text;
}

std::string addresses_text(const load::LoadResult& result) {
  if (result.by_address.size() < 2) return "";
  std::string text = "\n  by address\n";
  for (const auto& one : result.by_address) {
    text += fmt::format("  {}: {} connection{}, {} ok, {} not, p50 {}, p99 {}\n", one.address,
                        text::format_count(one.tally.connections_opened),
                        one.tally.connections_opened == 1 ? "" : "s", text::format_count(one.tally.ok),
                        text::format_count(load::count_errors(one.tally)), percentile_text(one.response, 50),
                        percentile_text(one.response, 99));
  }
  return text;
}

std::string stages_text(const load::LoadResult& result) {
  if (result.by_stage.empty()) return "";
  std::string text = "\n  by stage\n";
  for (const auto& one : result.by_stage) {
    text += fmt::format("  {}: {} ok ({}), {} not, p50 {}, p99 {}\n", stage_text(one.stage),
                        text::format_count(one.tally.ok), text::format_rate(stage_rate(one)),
                        text::format_count(load::count_errors(one.tally)), percentile_text(one.response, 50),
                        percentile_text(one.response, 99));
  }
  return text;
}

std::string outcome_text(const Measurement& measurement, const Colours& colours) {
  const auto& result = measurement.result;
  std::string text = result.by_status.empty() && result.by_error.empty() ? "" : "\n";
  for (const auto& [status, count] : result.by_status) {
    const std::string words = fmt::format("status {} {}", status, count);
    text += "  " + (measurement.plan.expects(status) ? words : colours.bad(words)) + "\n";
  }
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

std::string measurement_text(const Measurement& measurement, const Colours& colours) {
  const auto& result = measurement.result;
  std::string text =
      fmt::format("leat bench: {}{}\n", name_of(measurement), result.stopped ? " (stopped early)" : "");
  text += load_text(measurement) + totals_line(result.totals) + errors_line(measurement, colours) +
          rate_lines(measurement) + connections_line(result);
  if (const std::string paused = paused_text(result); !paused.empty())
    text += "  paused     " + paused + "\n";
  return text + times_text(measurement) + targets_text(result) + addresses_text(result) +
         stages_text(result) + outcome_text(measurement, colours) + client_line(measurement);
}

std::string members_text(const std::vector<MemberRow>& members, const Colours& colours) {
  if (members.empty()) return "";
  std::string text = "\n  by member\n";
  for (const auto& member : members) {
    if (!member.is_here) {
      text += fmt::format("  {}: {}\n", text::escaped(member.name),
                          colours.bad(std::string(kDiedText) + " above"));
      continue;
    }
    text += fmt::format("  {}: {} ok ({}), {} not, p50 {}, p99 {}; client {}; clock {} from Redis's\n",
                        text::escaped(member.name), text::format_count(member.totals.ok),
                        text::format_rate(member.rate), text::format_count(load::count_errors(member.totals)),
                        percentile_text(member.response, 50), percentile_text(member.response, 99),
                        verdict_text(member.verdict), text::escaped(member.clock));
  }
  return text;
}

std::string noise_floor_text(const NoiseFloor& floor) {
  return fmt::format(
      "noise floor: {}, p50 {}, p99 {} for the same load on a responder inside leat;\n"
      "             what comes near it is as much the client's and this machine's as the server's\n\n",
      text::format_rate(floor.rate.value), quantile_text(floor.p50), quantile_text(floor.p99));
}

}  // namespace

std::string verdict_text(const load::Verdict& verdict) {
  const std::string kind(load::to_string(verdict.kind));
  return verdict.reason.empty() ? kind : kind + " (" + verdict.reason + ")";
}

std::string checks_text(const std::vector<CheckOutcome>& checks) {
  std::string text = checks.empty() ? "" : "\n";
  for (const auto& outcome : checks) {
    text += fmt::format("  check      {}: {}, {}\n", text::escaped(outcome.check.text),
                        to_string(outcome.state), measured_text(outcome));
  }
  return text;
}

std::string text_report(const BenchRecord& record, const Colours& colours) {
  std::string text;
  // A side without an answer makes everything else that is said of the two worthless.
  if (record.comparison) {
    if (const std::string failed = failed_side_sentence(*record.comparison); !failed.empty()) {
      text += colours.bad(failed) + "\n\n";
    }
  }
  if (record.noise_floor) text += noise_floor_text(*record.noise_floor);
  text += measurement_text(record.subject, colours);
  if (record.other) text += "\n" + measurement_text(*record.other, colours);
  text += members_text(record.members, colours);
  if (!record.aborted.empty()) text += "\n  aborted    " + colours.bad(text::escaped(record.aborted)) + "\n";
  text += checks_text(record.checks);
  if (record.found_rate) text += "\n" + record.found_rate->sentence + "\n";
  if (record.comparison) text += "\n" + comparison_text(*record.comparison);
  return text;
}

}  // namespace leat::cli
