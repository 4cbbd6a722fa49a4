#include "engine/load/load_result.hpp"

namespace leat::load {

void merge_errors(std::map<Errc, ErrorTally>& into, const std::map<Errc, ErrorTally>& from) {
  for (const auto& [code, other] : from) {
    ErrorTally& mine = into[code];
    if (mine.count == 0 || other.first < mine.first) {
      mine.first = other.first;
      mine.example = other.example;
    }
    mine.count += other.count;
  }
}

void Tally::merge(const Tally& other) noexcept {
  scheduled += other.scheduled;
  sent += other.sent;
  ok += other.ok;
  failed += other.failed;
  timed_out += other.timed_out;
  dropped += other.dropped;
  in_flight_at_end += other.in_flight_at_end;
  bytes_in += other.bytes_in;
  bytes_out += other.bytes_out;
  body_bytes += other.body_bytes;
  connections_opened += other.connections_opened;
  finished_in_time += other.finished_in_time;
}

void PhaseHistograms::merge(const PhaseHistograms& other) {
  response.merge(other.response);
  service.merge(other.service);
  client_queue.merge(other.client_queue);
  dns.merge(other.dns);
  connect.merge(other.connect);
  tls.merge(other.tls);
  first_byte.merge(other.first_byte);
  transfer.merge(other.transfer);
}

void TargetResult::merge(const TargetResult& other) {
  if (url.empty()) {
    url = other.url;
    method = other.method;
  }
  tally.merge(other.tally);
  response.merge(other.response);
  for (const auto& [status, count] : other.by_status) by_status[status] += count;
  merge_errors(by_error, other.by_error);
}

void Slice::merge(const Slice& other) {
  sent += other.sent;
  ok += other.ok;
  failed += other.failed;
  bytes_in += other.bytes_in;
  in_flight += other.in_flight;
  in_flight_nanoseconds += other.in_flight_nanoseconds;
  cpu += other.cpu;
  response.merge(other.response);
  schedule_lag.merge(other.schedule_lag);
}

double LoadResult::rate() const noexcept {
  const double seconds = async::in_seconds(measured);
  return seconds > 0 ? static_cast<double>(totals.finished_in_time) / seconds : 0;
}

}  // namespace leat::load
