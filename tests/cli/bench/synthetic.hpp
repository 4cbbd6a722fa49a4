#pragma once

#include <chrono>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "cli/bench/bench_record.hpp"

namespace leat::cli {

/// What a benchmark of a known server would have measured, without that server.
struct Synthetic {
  std::string url = "http://127.0.0.1:8080/ok";
  std::size_t seconds = 10;
  std::size_t per_second = 400;
  double median_ns = 2e6;
  double spread = 0.3;          // of the logarithm
  std::uint64_t timed_out = 0;  // of those
  std::uint64_t seed = 1;

  [[nodiscard]] Measurement measurement() const {
    Measurement made;
    made.plan.measured = std::chrono::seconds(seconds);
    made.plan.targets.emplace_back();
    made.plan.targets[0].url = url;
    made.result = result();
    made.verdict = load::judge(made.plan, made.result);
    return made;
  }

  /// Two members of a team: one did all of it, and the other has died.
  [[nodiscard]] std::vector<MemberRow> members() const {
    const Measurement whole = measurement();
    MemberRow one;
    one.name = "host|a:17";
    one.is_here = true;
    one.totals = whole.result.totals;
    one.measured = whole.result.measured;
    one.rate = whole.result.rate();
    one.response = whole.result.latency.response;
    one.verdict = {load::Verdict::Kind::suspect, "its core was busy", {}};
    one.clock = "+12.0 us ± 3.00 us";
    MemberRow dead;
    dead.name = "host,b:18";
    return {one, dead};
  }

  [[nodiscard]] load::LoadResult result() const {
    std::mt19937_64 random(seed);
    std::lognormal_distribution<double> time(std::log(median_ns), spread);
    std::poisson_distribution<std::size_t> arrivals(static_cast<double>(per_second));
    load::LoadResult made;
    made.measured = std::chrono::seconds(seconds);
    for (std::size_t second = 0; second < seconds; ++second) {
      load::SeriesPoint point;
      point.start = std::chrono::seconds(second);
      point.lasts = std::chrono::seconds(1);
      point.sent = point.ok = arrivals(random);
      load::Histogram here;
      for (std::size_t i = 0; i < point.ok; ++i) here.record(static_cast<std::uint64_t>(time(random)));
      point.p50 = here.percentile(50);
      point.p99 = here.percentile(99);
      point.in_flight = 5;
      point.cpu = 0.25;
      made.latency.response.merge(here);
      made.totals.ok += point.ok;
      made.series.push_back(point);
      made.blocks.push_back({point.lasts, static_cast<double>(point.ok)});
    }
    made.by_status[200] = made.totals.ok;
    made.totals.finished_in_time = made.totals.ok;
    for (std::uint64_t i = 0; i < timed_out; ++i) made.latency.response.record_censored(1'000'000'000);
    if (timed_out > 0) {
      made.by_error[Errc::timeout] = {timed_out, std::chrono::milliseconds(1500), "no answer within 1 s"};
    }
    made.totals.timed_out = timed_out;
    made.totals.sent = made.totals.scheduled = made.totals.ok + timed_out;
    made.totals.bytes_in = made.totals.ok * 120;
    made.latency.service = made.latency.response;
    made.client.cpu = {0.25};
    made.client.mean_in_flight = static_cast<double>(made.totals.ok) / static_cast<double>(seconds) *
                                 made.latency.service.mean() / 1e9;
    made.client.mean_in_service = made.client.mean_in_flight;
    load::TargetResult target;
    target.url = url;
    target.method = "GET";
    target.tally = made.totals;
    target.response = made.latency.response;
    target.by_status = made.by_status;
    target.by_error = made.by_error;
    made.by_target.push_back(std::move(target));
    return made;
  }

  [[nodiscard]] BenchRecord record() const {
    BenchRecord made;
    made.argv = {"leat", "bench", url};
    made.environment.machine = "x86_64";
    made.environment.cpu = "A <fast> CPU";
    made.subject = measurement();
    return made;
  }
};

}  // namespace leat::cli
