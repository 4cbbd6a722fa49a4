#include "engine/load/recorder.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "engine/http/message/url.hpp"

namespace leat::load {

namespace {

constexpr std::size_t kSamples = 4096;  // handed over at once

// The CPU time that this thread has used so far.
async::Duration thread_cpu() noexcept {
  rusage usage{};
  getrusage(RUSAGE_THREAD, &usage);
  const auto time = [](const timeval& value) {
    return std::chrono::seconds(value.tv_sec) + std::chrono::microseconds(value.tv_usec);
  };
  return time(usage.ru_utime) + time(usage.ru_stime);
}

// How long it was ready to run while another thread had its core; 0 if the kernel doesn't say.
async::Duration thread_wait() noexcept {
  const int fd = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return {};
  std::array<char, 96> text{};
  const ssize_t size = read(fd, text.data(), text.size() - 1);
  close(fd);
  unsigned long long ran = 0;
  unsigned long long waited = 0;
  if (size <= 0 || std::sscanf(text.data(), "%llu %llu", &ran, &waited) != 2) return {};
  return async::Duration(static_cast<std::int64_t>(waited));
}

double ratio(async::Duration part, async::Duration whole) noexcept {
  return whole.count() > 0 ? static_cast<double>(part.count()) / static_cast<double>(whole.count()) : 0;
}

std::size_t status_class(int status) noexcept {
  return status >= 100 && status < 600 ? static_cast<std::size_t>(status) / 100 : 0;
}

}  // namespace

Recorder::Recorder(const LoadPlan& plan, std::size_t thread, SliceSink slices, SampleSink samples)
    : plan_(plan),
      thread_(thread),
      slices_(std::move(slices)),
      sample_sink_(std::move(samples)),
      places_(plan.targets.size()) {
  if (sample_sink_) samples_.reserve(kSamples);
}

void Recorder::start(async::TimePoint begin, async::TimePoint end) noexcept {
  begin_ = begin;
  end_ = end;
  slice_start_ = begin - plan_.warmup;
  planned_end_ = end;
  slice_end_ = next_slice_end();
  in_flight_since_ = last_end_ = begin;
  slice_cpu_ = begin_cpu_ = thread_cpu();
  begin_wait_ = thread_wait();
  begun_ = plan_.warmup.count() == 0;
}

// Counts only what lies inside the measured time, by the occupation of the slots and not by its records. An
// answer may have come before what was noted last: then it was counted for too long, and that is taken back.
void Recorder::in_flight_changes(async::TimePoint now, int by) noexcept {
  const async::TimePoint until = std::min(now, end_);
  const auto times = [](async::Duration time, auto requests) {
    return static_cast<double>(time.count()) * static_cast<double>(requests);
  };
  if (until >= in_flight_since_) {
    const double area = times(until - in_flight_since_, in_flight_);
    in_flight_area_ += area;
    slice_.in_flight_nanoseconds += area;
    in_flight_since_ = until;
  } else {
    const auto too_long = [&](async::TimePoint from) {
      return times(std::max(in_flight_since_ - std::max(until, from), async::Duration::zero()), by);
    };
    in_flight_area_ += too_long(begin_);
    slice_.in_flight_nanoseconds += too_long(std::max(begin_, slice_start_));
  }
  in_flight_ += static_cast<std::uint64_t>(static_cast<std::int64_t>(by));
}

// It does not matter when the request was planned and how it ended: a request across the ends of the measured
// time is cut as the occupation of the slots is.
void Recorder::leaves(const Exchange& exchange) noexcept {
  const async::Duration inside = std::min(exchange.ended, end_) - std::max(exchange.sent, begin_);
  if (inside.count() > 0) in_service_area_ += static_cast<double>(inside.count());
  in_flight_changes(exchange.ended, -1);
}

void Recorder::sent(const Exchange& exchange) noexcept {
  in_flight_changes(exchange.sent, 1);
  ++slice_.sent;
  if (!counts(exchange.planned)) return;
  Tally& tally = places_[exchange.target].tally;
  ++tally.scheduled;
  ++tally.sent;
  if (plan_.mode == LoadPlan::Mode::open) {
    result_.latency.client_queue.record(nanoseconds(exchange.sent - exchange.planned));
  }
}

void Recorder::ok(const Exchange& exchange) noexcept {
  leaves(exchange);
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  ++slice_.ok;
  slice_.bytes_in += exchange.bytes_in;
  slice_.response.record(response);
  Place& place = places_[exchange.target];
  if (exchange.ended >= begin_ && exchange.ended < end_) ++place.tally.finished_in_time;
  if (!counts(exchange.planned)) return;
  ++place.tally.ok;
  place.tally.bytes_in += exchange.bytes_in;
  place.tally.bytes_out += exchange.bytes_out;
  place.tally.body_bytes += exchange.body_bytes;
  ++place.by_status[static_cast<std::size_t>(exchange.status)];
  last_end_ = std::max(last_end_, exchange.ended);
  result_.response_by_class[status_class(exchange.status)].record(response);
  if (places_.size() > 1) place.response.record(response);
  PhaseHistograms& latency = result_.latency;
  latency.service.record(nanoseconds(exchange.ended - exchange.sent));
  if (plan_.mode == LoadPlan::Mode::open) latency.response.record(response);
  latency.first_byte.record(nanoseconds(exchange.first_byte - exchange.sent));
  latency.transfer.record(nanoseconds(exchange.ended - exchange.first_byte));
  if (sample_sink_) sample(exchange, false, Errc::internal);
}

void Recorder::failed(const Exchange& exchange, Errc code, std::string_view message) {
  leaves(exchange);
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  ++slice_.failed;
  slice_.bytes_in += exchange.bytes_in;
  slice_.response.record_censored(response);
  if (!counts(exchange.planned)) return;
  Place& place = places_[exchange.target];
  ++(code == Errc::timeout ? place.tally.timed_out : place.tally.failed);
  place.tally.bytes_in += exchange.bytes_in;
  place.tally.bytes_out += exchange.bytes_out;
  place.response.record_censored(response);
  last_end_ = std::max(last_end_, exchange.ended);
  ErrorTally& error = place.by_error[code];
  if (error.count++ == 0) {
    error.first = exchange.ended - begin_;
    error.example = message;
  }
  result_.latency.service.record_censored(nanoseconds(exchange.ended - exchange.sent));
  result_.latency.response.record_censored(response);
  if (sample_sink_) sample(exchange, true, code);
}

void Recorder::left(const Exchange& exchange) noexcept {
  leaves(exchange);
  if (!counts(exchange.planned)) return;
  Place& place = places_[exchange.target];
  ++place.tally.in_flight_at_end;
  place.tally.bytes_in += exchange.bytes_in;
  place.tally.bytes_out += exchange.bytes_out;
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  place.response.record_censored(response);
  result_.latency.service.record_censored(nanoseconds(exchange.ended - exchange.sent));
  result_.latency.response.record_censored(response);
}

void Recorder::dropped(std::uint32_t target, async::TimePoint planned) noexcept {
  if (!counts(planned)) return;
  Place& place = places_[target];
  ++place.tally.scheduled;
  ++place.tally.dropped;
  const std::uint64_t waited = nanoseconds(end_ - planned);
  place.response.record_censored(waited);
  result_.latency.response.record_censored(waited);
}

void Recorder::connected(const http::ConnectTimes& times) noexcept {
  ++result_.totals.connections_opened;
  if (times.dns.count() > 0) result_.latency.dns.record(nanoseconds(times.dns));
  result_.latency.connect.record(nanoseconds(times.connect));
  if (times.tls.count() > 0) result_.latency.tls.record(nanoseconds(times.tls));
}

void Recorder::schedule_lag(async::Duration lag) noexcept {
  slice_.schedule_lag.record(nanoseconds(lag));
  if (begun_) result_.client.schedule_lag.record(nanoseconds(lag));
}

void Recorder::sample(const Exchange& exchange, bool failed, Errc code) {
  Sample one;
  one.planned = exchange.planned - begin_;
  one.sent = exchange.sent - begin_;
  one.first_byte = (exchange.status != 0 ? exchange.first_byte : exchange.sent) - begin_;
  one.ended = exchange.ended - begin_;
  one.bytes = exchange.body_bytes;
  one.target = exchange.target;
  one.thread = static_cast<std::uint16_t>(thread_);
  one.status = static_cast<std::int16_t>(exchange.status);
  one.error = code;
  one.failed = failed;
  samples_.push_back(one);
  if (samples_.size() < kSamples) return;
  sample_sink_(samples_);
  samples_.clear();
}

double Recorder::cpu_since_slice() noexcept {
  const async::Duration now = thread_cpu();
  return ratio(now - std::exchange(slice_cpu_, now), slice_.lasts);
}

void Recorder::end_slice(async::TimePoint at) noexcept {
  slice_.start = slice_start_ - begin_;
  slice_.lasts = at - slice_start_;
  slice_.in_flight = in_flight_;
  in_flight_changes(at, 0);
  slice_.inside = std::max(std::min(at, end_) - std::max(slice_start_, begin_), async::Duration::zero());
  slice_.cpu = cpu_since_slice();
  slices_(std::exchange(slice_, Slice()));
  slice_start_ = at;
  if (!begun_ && at >= begin_) {
    begun_ = true;
    begin_cpu_ = slice_cpu_;
    begin_wait_ = thread_wait();
    result_.client.loop_lag.clear();
    in_flight_since_ = std::max(in_flight_since_, begin_);
  }
}

void Recorder::end_slices(async::TimePoint now) noexcept {
  while (slice_end_ <= now) {
    end_slice(slice_end_);
    slice_end_ = next_slice_end();
  }
}

// The last slice of the warm-up ends with it, and the same holds for the measured time: what is still
// answered after that does not count for its rate. If the measured time is ended earlier, slices go on, since
// threads learn of that one by one.
async::TimePoint Recorder::next_slice_end() const noexcept {
  const async::TimePoint next = slice_start_ + plan_.slice;
  if (slice_start_ < begin_) return std::min(next, begin_);
  return slice_start_ < planned_end_ ? std::min(next, planned_end_) : next;
}

LoadResult Recorder::finish(async::TimePoint now) {
  look(now);
  if (slice_.sent + slice_.ok + slice_.failed > 0 && now > slice_start_) end_slice(now);
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
  const bool is_only_target = places_.size() == 1;
  if (plan_.mode == LoadPlan::Mode::closed) result.latency.response = result.latency.service;
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
  return std::move(result_);
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
  for (const auto& [status, count] : part.by_status) whole.by_status[status] += count;
  for (std::size_t i = 0; i < whole.response_by_class.size(); ++i) {
    whole.response_by_class[i].merge(part.response_by_class[i]);
  }
  merge_errors(whole.by_error, part.by_error);
  whole.client.cpu.insert(whole.client.cpu.end(), part.client.cpu.begin(), part.client.cpu.end());
  whole.client.waited.insert(whole.client.waited.end(), part.client.waited.begin(), part.client.waited.end());
  whole.client.loop_lag.merge(part.client.loop_lag);
  whole.client.schedule_lag.merge(part.client.schedule_lag);
  whole.client.mean_in_flight += part.client.mean_in_flight;
  whole.client.mean_in_service += part.client.mean_in_service;
  whole.client.cap_waits += part.client.cap_waits;
}

}  // namespace leat::load
