#include "engine/load/series.hpp"

#include <algorithm>
#include <utility>

namespace leat::load {

namespace {

constexpr std::size_t kMostPoints = 24 * 3600;

}  // namespace

void Series::add(std::size_t thread, Slice slice) {
  const std::size_t place = next_of_[thread]++ - first_;
  if (place >= waiting_.size()) waiting_.resize(place + 1);
  Waiting& joined = waiting_[place];
  if (joined.threads++ == 0) {
    joined.slice = std::move(slice);
  } else {
    joined.slice.merge_beside(slice);
  }
  while (!waiting_.empty() && waiting_.front().threads == next_of_.size()) {
    tell(waiting_.front().slice);
    waiting_.pop_front();
    ++first_;
  }
}

void Series::finish() {
  for (; !waiting_.empty(); waiting_.pop_front()) {
    if (waiting_.front().threads > 0) tell(waiting_.front().slice);
  }
  if (second_.lasts.count() > 0) end_second();
}

void Series::tell(const Slice& slice) {
  if (observer_ != nullptr) observer_->on_slice(slice);
  if (slice.start.count() < 0) return;
  const bool is_behind = slice.inside.count() == 0;
  if (is_behind && second_.inside.count() > 0) end_second();
  if (second_.lasts.count() == 0) second_.start = slice.start;
  second_.merge(slice);
  second_.lasts += slice.lasts;
  second_.inside += slice.inside;
  cpu_time_ += slice.cpu * async::in_seconds(slice.lasts);
  if (second_.lasts >= std::chrono::seconds(1)) end_second();
}

void Series::end_second() {
  Slice second = std::exchange(second_, Slice());
  if (points_.size() >= kMostPoints) return;
  second.cpu = std::exchange(cpu_time_, 0) / async::in_seconds(second.lasts);
  points_.push_back(point_of(second));
  if (keeps_seconds_) seconds_.push_back(std::move(second));
}

SeriesPoint point_of(const Slice& second) {
  SeriesPoint point;
  point.start = second.start;
  point.lasts = second.lasts;
  point.sent = second.sent;
  point.ok = second.ok;
  point.status_errors = second.status_errors;
  point.failed = second.failed;
  point.bytes_in = second.bytes_in;
  if (second.inside.count() > 0) {
    point.in_flight = second.in_flight_nanoseconds / static_cast<double>(second.inside.count());
  }
  point.p50 = second.response.percentile(50);
  point.p99 = second.response.percentile(99);
  point.schedule_lag_p99 = second.schedule_lag.percentile(99);
  point.cpu = second.cpu;
  return point;
}

}  // namespace leat::load
