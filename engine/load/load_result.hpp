#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/error.hpp"
#include "engine/load/histogram.hpp"

namespace leat::load {

/// Which requests count: those that were planned inside the measured time, whenever they ended. Only
/// `finished_in_time` goes by the end.
///
/// scheduled = sent + dropped; sent = ok + failed + timed_out + in_flight_at_end.
struct Tally {
  std::uint64_t scheduled = 0;  // planned; in a closed loop what was sent
  std::uint64_t sent = 0;       // or would have been, had there been a connection
  std::uint64_t ok = 0;         // a whole response of whatever status
  std::uint64_t failed = 0;     // none, or not a whole one; time-outs apart
  std::uint64_t timed_out = 0;
  std::uint64_t dropped = 0;           // planned, but the cap let none of them out before the end
  std::uint64_t in_flight_at_end = 0;  // neither answered nor failed when the run stopped waiting
  std::uint64_t bytes_in = 0;          // of sockets' plain text, heads included; of --full, heads and bodies
  std::uint64_t bytes_out = 0;
  std::uint64_t body_bytes = 0;  // of ok responses
  std::uint64_t connections_opened = 0;
  std::uint64_t finished_in_time = 0;  // ok responses whose end was inside the measured time: the rate

  void merge(const Tally& other) noexcept;
};

/// One class of failure.
struct ErrorTally {
  std::uint64_t count = 0;
  async::Duration first{0};  // since the start of the measured time
  std::string example;       // the first one's message
};

void merge_errors(std::map<Errc, ErrorTally>& into, const std::map<Errc, ErrorTally>& from);

/// Times of the requests that count. A request that failed, timed out, or was in flight at the end is
/// censored in `response` and `service`, at the time it had lasted; one that the cap dropped in `response`
/// only.
struct PhaseHistograms {
  Histogram response;      // from the planned send to the last byte
  Histogram service;       // from the real send to the last byte; in a closed loop the same
  Histogram client_queue;  // from the planned send to the real one
  Histogram dns;           // one for each look-up
  Histogram connect;       // one for each connection, as tls
  Histogram tls;
  Histogram first_byte;  // from the real send
  Histogram transfer;    // from the first byte to the last

  void merge(const PhaseHistograms& other);
};

/// What the requests to one target came to.
struct TargetResult {
  std::string url;
  std::string method;
  Tally tally;
  Histogram response;
  std::map<int, std::uint64_t> by_status;
  std::map<Errc, ErrorTally> by_error;

  void merge(const TargetResult& other);
};

/// What happened in one stretch of the measured time, all threads together, by when it happened.
struct Slice {
  async::Duration start{0};  // since the start of the measured time; before it, in the warm-up, negative
  async::Duration lasts{0};
  std::uint64_t sent = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;  // time-outs included
  std::uint64_t bytes_in = 0;
  std::uint64_t in_flight = 0;       // at its end
  async::Duration inside{0};         // how much of it lies in the measured time
  double in_flight_nanoseconds = 0;  // added up over all requests, of that part
  double cpu = 0;                    // cores that the load's threads used
  Histogram response;                // of what ended in it
  Histogram schedule_lag;

  void merge(const Slice& other);
};

/// A second of the series: what is kept of the slices.
struct SeriesPoint {
  async::Duration start{0};
  async::Duration lasts{0};
  std::uint64_t sent = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  std::uint64_t bytes_in = 0;
  double in_flight = 0;  // averaged over its part of the measured time: at its end a run may have drained
  Quantile p50;
  Quantile p99;
  Quantile schedule_lag_p99;
  double cpu = 0;
};

/// What the client itself was busy with in the measured time.
struct ClientLoad {
  std::vector<double> cpu;      // of each thread: user and system time over elapsed time, 0 to 1
  std::vector<double> waited;   // of each thread: time it could have run, but had no core, over elapsed time
  Histogram loop_lag;           // how long a turn of a loop took, so how long an event may have waited
  Histogram schedule_lag;       // open loop: from when a request could go (planned, slot free) to its send
  double mean_in_flight = 0;    // averaged over time, from the slots
  double mean_in_service = 0;   // the same from the service times of all requests, as far as they lie inside
                                // the measured time; Little's law says that both are equal
  std::uint64_t cap_waits = 0;  // open loop: requests that found all slots taken at their planned time
};

/// One request, for those who want them all. Times since the start of the measured time, negative in the
/// warm-up, which is not told.
struct Sample {
  async::Duration planned{0};
  async::Duration sent{0};
  async::Duration first_byte{0};  // zero duration since `sent` if none came
  async::Duration ended{0};
  std::uint64_t bytes = 0;   // of the body
  std::uint32_t target = 0;  // its place in the plan
  std::uint16_t thread = 0;
  std::int16_t status = 0;      // 0: no response
  Errc error = Errc::internal;  // holds if `failed`
  bool failed = false;
};

/// All that was measured. What threads counted apart has been added up.
struct LoadResult {
  LoadResult() = default;

  async::Duration measured{0};  // from the end of the warm-up to the end of the sending, or to the last
                                // response if it went by count
  bool stopped = false;         // by `LoadRun::stop`: it is about less than was planned
  Tally totals;
  PhaseHistograms latency;
  std::vector<TargetResult> by_target;         // in the plan's order
  std::map<int, std::uint64_t> by_status;      // of ok
  std::array<Histogram, 6> response_by_class;  // by status / 100; 0 holds what is outside 1xx to 5xx
  std::map<Errc, ErrorTally> by_error;
  std::vector<SeriesPoint> series;  // one a second; of a run beyond 24 h the first 24 h
  ClientLoad client;

  /// Responses a second in the measured time.
  [[nodiscard]] double rate() const noexcept;
};

/// An observer of a LoadRun while it runs.
class LoadObserver {
 public:
  virtual ~LoadObserver() = default;
  /// Is given each `LoadPlan::slice` in order, the warm-up's too, on the thread of the run's EventLoop.
  virtual void on_slice(const Slice& slice) = 0;
  /// The look-ups and connections are done with, and the first request is about to go.
  virtual void on_started() {}
};

/// Takes samples, some thousands at once, on the thread that made them, several threads at a time. It holds
/// up that thread's load while it works, so it should hand them over and return.
using SampleSink = std::function<void(std::span<const Sample>)>;

}  // namespace leat::load
