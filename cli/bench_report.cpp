#include "cli/bench_report.hpp"

#include <fmt/format.h>

#include "cli/printable.hpp"
#include "cli/units.hpp"
#include "engine/http/url.hpp"

namespace leat::cli {

namespace {

using load::Histogram;
using load::LoadPlan;
using load::LoadResult;

std::string time_text(std::uint64_t nanoseconds) {
  const double ns = static_cast<double>(nanoseconds);
  if (ns < 999.5e3) return fmt::format("{:.1f} us", ns / 1e3);
  if (ns < 999.5e6) return fmt::format("{:.2f} ms", ns / 1e6);
  return fmt::format("{:.2f} s", ns / 1e9);
}

std::string quantile_text(const load::Quantile& quantile) {
  return (quantile.censored ? ">" : "") + time_text(quantile.value);
}

std::string latency_line(std::string_view name, const Histogram& histogram) {
  std::string line = fmt::format("  {:<10}", name);
  if (histogram.total() == 0) return line + " none\n";
  for (const double p : {50.0, 90.0, 99.0, 99.9}) {
    line += fmt::format(" p{} {}", p, quantile_text(histogram.percentile(p)));
  }
  return line + fmt::format(" max {}\n", time_text(histogram.max()));
}

std::string load_line(const LoadPlan& plan, const LoadResult& result) {
  const std::string mode = plan.mode == LoadPlan::Mode::closed ? std::string("closed loop")
                           : plan.stages.empty()               ? fmt::format("{:g}/s", plan.rate)
                                                               : "stages of rates";
  return fmt::format("  {}, {} at once, {} thread{}, measured for {}\n", mode, plan.concurrency, plan.threads,
                     plan.threads == 1 ? "" : "s", format_elapsed(result.measured));
}

std::string totals_line(const load::Tally& totals) {
  std::string line =
      fmt::format("  requests   {} ok, {} failed, {} timed out", totals.ok, totals.failed, totals.timed_out);
  if (totals.dropped > 0) line += fmt::format(", {} never sent", totals.dropped);
  if (totals.in_flight_at_end > 0) line += fmt::format(", {} unanswered at the end", totals.in_flight_at_end);
  return line + "\n";
}

}  // namespace

std::string bench_report(const LoadPlan& plan, const LoadResult& result) {
  const std::string more =
      plan.targets.size() > 1 ? fmt::format(" and {} more", plan.targets.size() - 1) : "";
  std::string text =
      fmt::format("leat bench: {}{}{}\n", printable(http::without_userinfo(plan.targets[0].url)), more,
                  result.stopped ? " (stopped early)" : "");
  text += load_line(plan, result);
  text += totals_line(result.totals);
  const double seconds = std::chrono::duration<double>(result.measured).count();
  const double bytes = seconds > 0 ? static_cast<double>(result.totals.bytes_in) / seconds : 0;
  text += fmt::format("  rate       {:.1f}/s, {}/s\n", result.rate(), format_bytes(bytes));
  text += latency_line("response", result.latency.response);
  if (plan.mode == LoadPlan::Mode::open) text += latency_line("service", result.latency.service);
  if (plan.mode == LoadPlan::Mode::open) {
    text += fmt::format("  schedule lag p99 {}\n", quantile_text(result.client.schedule_lag.percentile(99)));
  }
  for (const auto& [status, count] : result.by_status) text += fmt::format("  status {} {}\n", status, count);
  for (const auto& [code, error] : result.by_error) {
    text += fmt::format("  {} {}, first after {}: {}\n", to_string(code), error.count,
                        format_elapsed(error.first), printable(error.example));
  }
  return text;
}

}  // namespace leat::cli
