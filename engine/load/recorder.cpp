#include "engine/load/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "engine/load/thread_use.hpp"

namespace leat::load {

namespace {

constexpr std::size_t kSamples = 4096;          // handed over at once
constexpr std::size_t kMostWantedAnswers = 64;  // under way at once; each may hold a large body

}  // namespace

Recorder::Recorder(const LoadPlan& plan, std::size_t thread, SliceSink slices, SampleSink samples)
    : plan_(plan),
      thread_(thread),
      slices_(std::move(slices)),
      sample_sink_(std::move(samples)),
      answers_(plan.threads),
      places_(plan.targets.size()) {
  if (sample_sink_) samples_.reserve(kSamples);
  for (std::size_t status = 0; status < kStatuses; ++status) {
    expected_[status] = plan.expects(static_cast<int>(status));
  }
  if (plan.mode != LoadPlan::Mode::open) return;
  for (const RateStage& stage : plan.stages) result_.by_stage.push_back({stage, {}, {}});
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
  if (exchange.body != nullptr && exchange.body->keeps()) --wanted_answers_;
  const async::Duration inside = std::min(exchange.ended, end_) - std::max(exchange.sent, begin_);
  if (inside.count() > 0) in_service_area_ += static_cast<double>(inside.count());
  in_flight_changes(exchange.ended, -1);
}

bool Recorder::has_held_slot(const Exchange& exchange) const noexcept {
  return plan_.mode == LoadPlan::Mode::closed && exchange.planned < begin_ && begin_ < end_ &&
         exchange.ended >= end_;
}

Exchange Recorder::as_measured(const Exchange& exchange) noexcept {
  Exchange measured = exchange;
  measured.planned = measured.sent = begin_;
  at_places(measured, [](Tally& tally, Histogram&) {
    ++tally.scheduled;
    ++tally.sent;
  });
  return measured;
}

// The warm-up belongs to no stage, and it is not counted.
StageResult& Recorder::stage_of(async::TimePoint planned) noexcept {
  async::Duration into = planned - begin_;
  for (StageResult& one : result_.by_stage) {
    if (into < one.stage.lasts) return one;
    into -= one.stage.lasts;
  }
  return result_.by_stage.back();
}

template <class Count>
void Recorder::at_places(const Exchange& exchange, Count count) noexcept {
  Place& place = places_[exchange.target];
  count(place.tally, place.response);
  if (exchange.address > 0) {
    AddressResult& address = result_.by_address[exchange.address - 1];
    count(address.tally, address.response);
  }
  if (result_.by_stage.empty()) return;
  StageResult& stage = stage_of(exchange.planned);
  count(stage.tally, stage.response);
}

bool Recorder::wants_answer(async::TimePoint planned) noexcept {
  if (!plan_.samples_answers || !counts(planned) || wanted_answers_ >= kMostWantedAnswers) return false;
  if (!answers_.wants_next()) return false;
  ++wanted_answers_;
  return true;
}

void Recorder::sent(const Exchange& exchange) noexcept {
  in_flight_changes(exchange.sent, 1);
  ++slice_.sent;
  if (!counts(exchange.planned)) return;
  at_places(exchange, [](Tally& tally, Histogram&) {
    ++tally.scheduled;
    ++tally.sent;
  });
  if (plan_.mode == LoadPlan::Mode::open) {
    result_.latency.client_queue.record(nanoseconds(exchange.sent - exchange.planned));
  }
}

void Recorder::answered(const Exchange& exchange) noexcept {
  if (plan_.expected_size && exchange.body_bytes != *plan_.expected_size && plan_.expects(exchange.status))
      [[unlikely]] {
    return failed(exchange,
                  Error(Errc::bad_response, fmt::format("a body of {} bytes, and not of {}",
                                                        exchange.body_bytes, *plan_.expected_size)));
  }
  if (exchange.body != nullptr && plan_.expects(exchange.status)) {
    if (auto fault = exchange.body->fault(); !fault.empty()) {
      return failed(exchange, Error(Errc::bad_response, std::move(fault)));
    }
    if (exchange.body->has_kept())
      answers_.keep({exchange.target, exchange.status, exchange.body->take_kept()});
  }
  leaves(exchange);
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  const auto status = std::min(static_cast<std::size_t>(exchange.status), kStatuses - 1);
  const bool good = expected_[status];
  ++(good ? slice_.ok : slice_.status_errors);
  slice_.bytes_in += exchange.bytes_in;
  if (good) {
    slice_.response.record(response);
    result_.answers.record(exchange.ended - begin_);
  } else {
    ++slice_.by_status[exchange.status];
  }
  Place& place = places_[exchange.target];
  if (good && exchange.ended >= begin_ && exchange.ended < end_) ++place.tally.finished_in_time;
  if (!counts(exchange.planned)) return;
  const bool several = has_parts() || result_.by_address.size() > 1;
  at_places(exchange, [&](Tally& tally, Histogram& responses) {
    ++(good ? tally.ok : tally.status_errors);
    tally.resent += exchange.resent;
    tally.bytes_in += exchange.bytes_in;
    tally.bytes_out += exchange.bytes_out;
    tally.body_bytes += exchange.body_bytes;
    if (good && several) responses.record(response);
  });
  ++place.by_status[status];
  last_end_ = std::max(last_end_, exchange.ended);
  PhaseHistograms& latency = result_.latency;
  if (good) {
    latency.service.record(nanoseconds(exchange.ended - exchange.sent));
    if (plan_.mode == LoadPlan::Mode::open) latency.response.record(response);
  } else {
    latency.unexpected.record(response);
  }
  latency.first_byte.record(nanoseconds(exchange.first_byte - exchange.sent));
  latency.transfer.record(nanoseconds(exchange.ended - exchange.first_byte));
  if (sample_sink_) sample(exchange, false, Errc::internal);
}

void Recorder::failed(const Exchange& exchange, const Error& why) {
  leaves(exchange);
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  ++slice_.failed;
  ++slice_.by_error[why.code];
  slice_.bytes_in += exchange.bytes_in;
  slice_.response.record_censored(response);
  if (counts(exchange.planned)) {
    count_failed(exchange, why);
  } else if (has_held_slot(exchange)) {
    count_failed(as_measured(exchange), why);
  }
}

void Recorder::count_failed(const Exchange& exchange, const Error& why) {
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  at_places(exchange, [&](Tally& tally, Histogram& responses) {
    ++(why.code == Errc::timeout ? tally.timed_out : tally.failed);
    tally.resent += exchange.resent;
    tally.bytes_in += exchange.bytes_in;
    tally.bytes_out += exchange.bytes_out;
    responses.record_censored(response);
  });
  last_end_ = std::max(last_end_, exchange.ended);
  ErrorTally& error = places_[exchange.target].by_error[why.code];
  if (error.count++ == 0) {
    error.first = exchange.ended - begin_;
    error.example = why.message;
  }
  result_.client.without_descriptor += why.out_of_descriptors() ? 1 : 0;
  result_.client.without_port += why.os_errno == EADDRNOTAVAIL ? 1 : 0;
  result_.latency.service.record_censored(nanoseconds(exchange.ended - exchange.sent));
  result_.latency.response.record_censored(response);
  if (sample_sink_) sample(exchange, true, why.code);
}

void Recorder::left(const Exchange& exchange, bool drained) noexcept {
  leaves(exchange);
  if (counts(exchange.planned)) {
    count_left(exchange, drained);
  } else if (drained && has_held_slot(exchange)) {
    count_left(as_measured(exchange), drained);
  }
}

void Recorder::count_left(const Exchange& exchange, bool drained) noexcept {
  const std::uint64_t response = nanoseconds(exchange.ended - exchange.planned);
  at_places(exchange, [&](Tally& tally, Histogram& responses) {
    ++tally.in_flight_at_end;
    tally.unanswered += drained ? 1 : 0;
    tally.resent += exchange.resent;
    tally.bytes_in += exchange.bytes_in;
    tally.bytes_out += exchange.bytes_out;
    responses.record_censored(response);
  });
  result_.latency.service.record_censored(nanoseconds(exchange.ended - exchange.sent));
  result_.latency.response.record_censored(response);
}

void Recorder::dropped(std::uint32_t target, async::TimePoint planned) noexcept {
  if (!counts(planned)) return;
  const std::uint64_t waited = nanoseconds(end_ - planned);
  Exchange never_sent;
  never_sent.target = target;
  never_sent.planned = planned;
  at_places(never_sent, [&](Tally& tally, Histogram& responses) {
    ++tally.scheduled;
    ++tally.dropped;
    responses.record_censored(waited);
  });
  result_.latency.response.record_censored(waited);
}

async::Duration Recorder::drain() const noexcept {
  using namespace std::chrono_literals;
  if (plan_.drain) return *plan_.drain;
  const Quantile median = result_.latency.service.percentile(50);
  return std::clamp<async::Duration>(3 * async::Duration(static_cast<std::int64_t>(median.value)), 1s, 30s);
}

std::uint32_t Recorder::number_of(std::string_view address) {
  if (address.empty()) return 0;
  auto& all = result_.by_address;
  const auto same =
      std::find_if(all.begin(), all.end(), [&](const AddressResult& one) { return one.address == address; });
  if (same != all.end()) return static_cast<std::uint32_t>(same - all.begin()) + 1;
  if (all.size() == 1 && !has_parts()) give_measured_to_only_address();
  all.push_back({std::string(address), {}, {}});
  return static_cast<std::uint32_t>(all.size());
}

void Recorder::connected(const http::ConnectTimes& times, std::uint32_t address) noexcept {
  ++result_.totals.connections_opened;
  if (address > 0) ++result_.by_address[address - 1].tally.connections_opened;
  if (times.dns.count() > 0) result_.latency.dns.record(nanoseconds(times.dns));
  result_.latency.connect.record(nanoseconds(times.connect));
  if (times.tls.count() == 0) return;
  result_.latency.tls.record(nanoseconds(times.tls));
  if (times.resumed) result_.latency.tls_resumed.record(nanoseconds(times.tls));
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
  one.resent = exchange.resent;
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

}  // namespace leat::load
