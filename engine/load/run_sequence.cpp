#include "engine/load/run_sequence.hpp"

#include <algorithm>

namespace leat::load {

namespace {

double weighted(double a, async::Duration a_lasts, double b, async::Duration b_lasts) {
  const auto whole = static_cast<double>((a_lasts + b_lasts).count());
  if (whole <= 0) return b;
  return (a * static_cast<double>(a_lasts.count()) + b * static_cast<double>(b_lasts.count())) / whole;
}

std::map<Errc, ErrorTally> later_by(std::map<Errc, ErrorTally> errors, async::Duration by) {
  for (auto& [code, tally] : errors) tally.first += by;
  return errors;
}

void append_shares(std::vector<double>& whole, async::Duration before, const std::vector<double>& next,
                   async::Duration lasts) {
  whole.resize(std::max(whole.size(), next.size()));
  for (std::size_t i = 0; i < whole.size(); ++i) {
    whole[i] = weighted(whole[i], before, i < next.size() ? next[i] : 0, lasts);
  }
}

void append_client(ClientLoad& whole, async::Duration before, const ClientLoad& next, async::Duration lasts) {
  append_shares(whole.cpu, before, next.cpu, lasts);
  append_shares(whole.waited, before, next.waited, lasts);
  whole.loop_lag.merge(next.loop_lag);
  whole.schedule_lag.merge(next.schedule_lag);
  whole.mean_in_flight = weighted(whole.mean_in_flight, before, next.mean_in_flight, lasts);
  whole.mean_in_service = weighted(whole.mean_in_service, before, next.mean_in_service, lasts);
  whole.cap_waits += next.cap_waits;
  whole.without_descriptor += next.without_descriptor;
  whole.without_port += next.without_port;
}

}  // namespace

void append(LoadResult& whole, const LoadResult& next) {
  const async::Duration before = whole.measured;
  append_client(whole.client, before, next.client, next.measured);
  whole.measured += next.measured;
  whole.stopped = whole.stopped || next.stopped;
  whole.paused += next.paused;
  whole.totals.merge(next.totals);
  whole.latency.merge(next.latency);
  whole.by_target.resize(std::max(whole.by_target.size(), next.by_target.size()));
  for (std::size_t i = 0; i < next.by_target.size(); ++i) {
    TargetResult target = next.by_target[i];
    target.by_error = later_by(std::move(target.by_error), before);
    whole.by_target[i].merge(target);
  }
  for (const auto& [status, count] : next.by_status) whole.by_status[status] += count;
  whole.blocks.insert(whole.blocks.end(), next.blocks.begin(), next.blocks.end());
  merge_errors(whole.by_error, later_by(next.by_error, before));
  merge_addresses(whole.by_address, next.by_address);
  whole.findings.merge(next.findings);
  for (SeriesPoint point : next.series) {
    // A request that ends after the measured time would be counted in the next run's time.
    if (point.start < async::Duration::zero() || point.start >= next.measured) continue;
    point.start += before;
    whole.series.push_back(point);
  }
}

}  // namespace leat::load
