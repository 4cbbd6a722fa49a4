// How a Recorder's counts become a LoadResult, and how the threads' results become one.
#include <algorithm>
#include <iterator>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/load/recorder.hpp"
#include "engine/load/series.hpp"
#include "engine/load/thread_use.hpp"

namespace leat::load {

LoadResult Recorder::finish(async::TimePoint now) {
  look(now);
  const bool is_empty = slice_.sent + slice_.ok + slice_.status_errors + slice_.failed == 0;
  if (!is_empty && now > slice_start_) end_slice(now);
  if (sample_sink_ && !samples_.empty()) sample_sink_(samples_);
  const bool by_count = end_ == async::TimePoint::max();
  const async::TimePoint end = by_count ? last_end_ : std::min(end_, now);
  in_flight_changes(end, 0);
  LoadResult& result = result_;
  result.measured = std::max(end - begin_, async::Duration::zero());
  result.client.cpu.push_back(ratio(thread_cpu() - begin_cpu_, now - begin_));
  result.client.waited.push_back(ratio(thread_wait() - begin_wait_, now - begin_));
  if (result.measured.count() > 0) {
    const auto measured = static_cast<double>(result.measured.count());
    result.client.mean_in_flight = in_flight_area_ / measured;
    result.client.mean_in_service = in_service_area_ / measured;
  }
  result.sample = answers_.take();
  add_addresses();
  if (plan_.mode == LoadPlan::Mode::closed) result.latency.response = result.latency.service;
  add_targets();
  return std::move(result_);
}

// While there is one address, its times are those of all answers, and are not recorded twice. What had no
// answer is counted for it only if it had a connection, so that part of its histogram stays as it is.
void Recorder::give_measured_to_only_address() noexcept {
  Histogram& own = result_.by_address[0].response;
  const Histogram::Sums without_answer = own.sums();
  own = plan_.mode == LoadPlan::Mode::closed ? result_.latency.service : result_.latency.response;
  Histogram::Sums sums = own.sums();
  sums.censored = without_answer.censored;
  sums.censored_max = without_answer.censored_max;
  own.set_sums(sums);
}

// Which address a request goes to is known only when its connection is.
void Recorder::add_addresses() {
  auto& all = result_.by_address;
  if (all.size() == 1 && !has_parts()) give_measured_to_only_address();
  for (AddressResult& one : all) {
    Tally& tally = one.tally;
    tally.sent = tally.scheduled =
        tally.ok + tally.status_errors + tally.failed + tally.timed_out + tally.in_flight_at_end;
  }
  sort_addresses(all);
}

void Recorder::add_targets() {
  const bool is_only_target = places_.size() == 1;
  LoadResult& result = result_;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    Place& place = places_[i];
    TargetResult target;
    target.url = http::without_userinfo(plan_.targets[i].url);
    target.method = plan_.targets[i].method;
    target.tally = place.tally;
    target.response = is_only_target ? result.latency.response : std::move(place.response);
    for (std::size_t status = 0; status < place.by_status.size(); ++status) {
      if (place.by_status[status] == 0) continue;
      target.by_status[static_cast<int>(status)] = place.by_status[status];
      result.by_status[static_cast<int>(status)] += place.by_status[status];
    }
    target.by_error = std::move(place.by_error);
    result.totals.merge(target.tally);
    merge_errors(result.by_error, target.by_error);
    result.by_target.push_back(std::move(target));
  }
}

void merge_part(LoadResult& whole, LoadResult part) {
  if (whole.by_target.empty()) {
    whole = std::move(part);
    return;
  }
  whole.measured = std::max(whole.measured, part.measured);
  whole.totals.merge(part.totals);
  whole.latency.merge(part.latency);
  for (std::size_t i = 0; i < whole.by_target.size(); ++i) whole.by_target[i].merge(part.by_target[i]);
  for (std::size_t i = 0; i < whole.by_stage.size(); ++i) {
    whole.by_stage[i].tally.merge(part.by_stage[i].tally);
    whole.by_stage[i].response.merge(part.by_stage[i].response);
  }
  for (const auto& [status, count] : part.by_status) whole.by_status[status] += count;
  whole.answers.merge(part.answers);
  merge_addresses(whole.by_address, std::move(part.by_address));
  merge_errors(whole.by_error, part.by_error);
  std::move(part.sample.begin(), part.sample.end(), std::back_inserter(whole.sample));
  whole.findings.merge(part.findings);
  whole.client.cpu.insert(whole.client.cpu.end(), part.client.cpu.begin(), part.client.cpu.end());
  whole.client.waited.insert(whole.client.waited.end(), part.client.waited.begin(), part.client.waited.end());
  whole.client.loop_lag.merge(part.client.loop_lag);
  whole.client.schedule_lag.merge(part.client.schedule_lag);
  whole.client.mean_in_flight += part.client.mean_in_flight;
  whole.client.mean_in_service += part.client.mean_in_service;
  whole.client.cap_waits += part.client.cap_waits;
  whole.client.without_descriptor += part.client.without_descriptor;
  whole.client.without_port += part.client.without_port;
}

LoadResult merge_members(std::vector<LoadResult> parts, const LoadPlan& plan) {
  LoadResult whole;
  std::vector<Slice> seconds;
  bool stopped = false;
  async::Duration paused{0};
  for (auto& part : parts) {
    stopped = stopped || part.stopped;
    paused = std::max(paused, part.paused);
    for (std::size_t i = 0; i < part.seconds.size(); ++i) {
      if (i >= seconds.size()) {
        seconds.push_back(std::move(part.seconds[i]));
        continue;
      }
      seconds[i].merge_beside(part.seconds[i]);
    }
    part.seconds.clear();
    merge_part(whole, std::move(part));
  }
  whole.stopped = stopped;
  whole.paused = paused;
  whole.series.clear();
  for (const auto& second : seconds) whole.series.push_back(point_of(second));
  settle_rate(whole, plan);
  return whole;
}

}  // namespace leat::load
