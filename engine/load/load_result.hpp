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
#include "engine/load/answer_sample.hpp"
#include "engine/load/answer_times.hpp"
#include "engine/load/histogram.hpp"
#include "engine/load/load_plan.hpp"

namespace leat::load {

/// A request counts if it was planned inside the measured time, whenever it ended.
///
/// Only `finished_in_time` depends on the end. The sums are: scheduled = sent + dropped; sent = ok +
/// status_errors + failed + timed_out + in_flight_at_end.
struct Tally {
  std::uint64_t scheduled = 0;      // planned requests; in a closed loop, those that were sent
  std::uint64_t sent = 0;           // this includes requests that had no connection
  std::uint64_t ok = 0;             // a complete response whose status the plan expects
  std::uint64_t status_errors = 0;  // a complete response of any other status
  std::uint64_t failed = 0;         // no response, or not a complete one; time-outs are counted apart
  std::uint64_t timed_out = 0;
  std::uint64_t dropped = 0;           // planned, but the cap let none of them be sent before the end
  std::uint64_t in_flight_at_end = 0;  // neither answered nor failed when the run stopped waiting
  std::uint64_t unanswered = 0;        // those of them that were waited for until the drain was over
  std::uint64_t resent = 0;  // requests that were sent once more: the servers got `sent` + `resent` of them
  std::uint64_t unsolicited = 0;  // connections dropped because bytes came that nobody had asked for
  std::uint64_t bytes_in = 0;     // plain text of sockets, heads included; with --full, heads and bodies
  std::uint64_t bytes_out = 0;
  std::uint64_t body_bytes = 0;  // of ok responses
  std::uint64_t connections_opened = 0;
  // The ok responses that the rate counts: see `settle_rate`.
  std::uint64_t finished_in_time = 0;

  void merge(const Tally& other) noexcept;
};

/// All of its counts, in the order in which other processes are told them.
inline constexpr std::array kTallyCounts{&Tally::scheduled,
                                         &Tally::sent,
                                         &Tally::ok,
                                         &Tally::status_errors,
                                         &Tally::failed,
                                         &Tally::timed_out,
                                         &Tally::dropped,
                                         &Tally::in_flight_at_end,
                                         &Tally::unanswered,
                                         &Tally::resent,
                                         &Tally::unsolicited,
                                         &Tally::bytes_in,
                                         &Tally::bytes_out,
                                         &Tally::body_bytes,
                                         &Tally::connections_opened,
                                         &Tally::finished_in_time};
static_assert(sizeof(Tally) == kTallyCounts.size() * sizeof(std::uint64_t), "a count is missing");

/// One class of failure.
struct ErrorTally {
  std::uint64_t count = 0;
  async::Duration first{0};  // from the start of the measured time
  std::string example;       // the message of the first one
};

void merge_errors(std::map<Errc, ErrorTally>& into, const std::map<Errc, ErrorTally>& from);

/// The times of the requests that count. A request that failed, timed out, or was in flight at the end is
/// censored in `response` and `service`, at the time that it had lasted; a request that the cap dropped is
/// censored only in `response`. An answer of a status that is not expected is in neither of them, since a
/// server that sheds its load answers fast; it is in `unexpected`.
struct PhaseHistograms {
  Histogram response;      // from the planned send to the last byte
  Histogram unexpected;    // the same of answers of other statuses
  Histogram service;       // from the real send to the last byte; in a closed loop it is the same
  Histogram client_queue;  // from the planned send to the real one
  Histogram dns;           // one for each look-up
  Histogram connect;       // one for each connection, as for tls
  Histogram tls;
  Histogram tls_resumed;  // those of `tls` that went on with an earlier session
  Histogram first_byte;   // from the real send, for all answers; so is the next one
  Histogram transfer;     // from the first byte to the last

  void merge(const PhaseHistograms& other);
};

/// All of them, in the order in which other processes are told them.
inline constexpr std::array kPhaseHistograms{&PhaseHistograms::response,   &PhaseHistograms::unexpected,
                                             &PhaseHistograms::service,    &PhaseHistograms::client_queue,
                                             &PhaseHistograms::dns,        &PhaseHistograms::connect,
                                             &PhaseHistograms::tls,        &PhaseHistograms::tls_resumed,
                                             &PhaseHistograms::first_byte, &PhaseHistograms::transfer};
static_assert(sizeof(PhaseHistograms) == kPhaseHistograms.size() * sizeof(Histogram), "one is missing");

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

/// What the requests over connections to one address came to. A request that found no connection is of none.
struct AddressResult {
  std::string address;  // with the port
  Tally tally;          // connections_opened is counted, too; finished_in_time is not
  Histogram response;
};

/// By their texts: which was used first is chance.
void sort_addresses(std::vector<AddressResult>& addresses);

/// Adds each to the one of the same address, and sorts them.
void merge_addresses(std::vector<AddressResult>& into, std::vector<AddressResult> from);

/// What the requests of one stage of the plan came to, by their planned times.
struct StageResult {
  RateStage stage;
  Tally tally;
  Histogram response;
};

/// What happened in one stretch of the measured time, all threads together, by the time at which it happened.
struct Slice {
  async::Duration start{0};  // from the start of the measured time; negative in the warm-up before it
  async::Duration lasts{0};
  std::uint64_t sent = 0;
  std::uint64_t ok = 0;
  std::uint64_t status_errors = 0;
  std::uint64_t failed = 0;  // including time-outs
  std::uint64_t bytes_in = 0;
  std::uint64_t in_flight = 0;       // at the end of the stretch
  async::Duration inside{0};         // how much of it lies in the measured time
  double in_flight_nanoseconds = 0;  // added up over all requests, for that part
  double cpu = 0;                    // the cores that the load's threads used
  Histogram response;                // for the good answers that came in it, and the failures
  Histogram schedule_lag;
  // What `status_errors` and `failed` are of, for those who watch: results of other processes lack it.
  std::map<int, std::uint64_t> by_status;
  std::map<Errc, std::uint64_t> by_error;

  void merge(const Slice& other);
  /// The same for a part of the same stretch, such as another thread's.
  void merge_beside(const Slice& other);
};

/// A second of the series: what is kept of the slices.
struct SeriesPoint {
  async::Duration start{0};
  async::Duration lasts{0};
  std::uint64_t sent = 0;
  std::uint64_t ok = 0;
  std::uint64_t status_errors = 0;
  std::uint64_t failed = 0;
  std::uint64_t bytes_in = 0;
  double in_flight = 0;  // the mean over its part of the measured time: at its end a run may have drained
  Quantile p50;
  Quantile p99;
  Quantile schedule_lag_p99;
  double cpu = 0;
};

/// What the client itself did in the measured time.
struct ClientLoad {
  std::vector<double> cpu;      // for each thread: user and system time over elapsed time, 0 to 1
  std::vector<double> waited;   // for each thread: time without a core that it needed, over elapsed time
  Histogram loop_lag;           // how long a turn of a loop took, and so how long an event may have waited
  Histogram schedule_lag;       // open loop: from when a request could be sent to its send
  double mean_in_flight = 0;    // the mean over time, from the slots
  double mean_in_service = 0;   // the same from the service times of all requests, as far as they lie inside
                                // the measured time; Little's law says that both are equal
  std::uint64_t cap_waits = 0;  // open loop: requests that found all slots taken at their planned time
  std::uint64_t without_descriptor = 0;  // connections that were not made because this process had none left
  std::uint64_t without_port = 0;        // the same for this machine's ports
};

/// One request, for those who want all of them. Times are counted from the start of the measured time; they
/// would be negative in the warm-up, whose requests are not reported.
struct Sample {
  async::Duration planned{0};
  async::Duration sent{0};
  async::Duration first_byte{0};  // zero duration since `sent` if no byte came
  async::Duration ended{0};
  std::uint64_t bytes = 0;   // the body's size
  std::uint32_t target = 0;  // its place in the plan
  std::uint16_t thread = 0;
  std::int16_t status = 0;      // 0: there was no response
  Errc error = Errc::internal;  // valid if `failed`
  bool failed = false;
  std::uint32_t resent = 0;
};

/// The good answers of a part of the measured time; what they vary by is how sure the rate is.
struct RateBlock {
  async::Duration lasts{0};
  double answers = 0;
};

/// What somebody found who looked at the sample of the good answers.
struct SampleFindings {
  std::uint64_t looked_at = 0;
  std::uint64_t unfit = 0;
  std::string example;  // what was wrong with the first of them

  void merge(const SampleFindings& other);
};

/// Everything that was measured, added up over all threads.
struct LoadResult {
  LoadResult() = default;

  async::Duration measured{0};  // from the end of the warm-up to the end of the sending, or to the last
                                // response if it went by count
  bool stopped = false;         // `LoadRun::stop` ended it: less was done than planned
  async::Duration paused{0};    // how long `LoadRun::pause` held it; this is in no other time
  Tally totals;
  PhaseHistograms latency;
  std::vector<TargetResult> by_target;     // in the order of the plan
  std::vector<StageResult> by_stage;       // the same for its stages
  std::vector<AddressResult> by_address;   // in the order of their texts
  std::map<int, std::uint64_t> by_status;  // counts all answers
  AnswerTimes answers;                     // when the good ones came, from the start of the measured time
  std::vector<RateBlock> blocks;           // made by `settle_rate`
  std::map<Errc, ErrorTally> by_error;
  std::vector<SeriesPoint> series;  // one for each second; of a run beyond 24 h, the first 24 h
  std::vector<Slice> seconds;       // of a part of a run: what the points of its series are made of
  ClientLoad client;
  std::vector<SampledAnswer> sample;  // if the plan asks for one
  SampleFindings findings;            // of whoever has looked at it

  /// The good answers per second in the measured time.
  [[nodiscard]] double rate() const noexcept;
};

/// Says what the rate of a whole run is, once its threads are joined: `finished_in_time` and `blocks`.
///
/// In an open loop whose requests all went out when they were planned, it is of the answers to what was
/// planned in the measured time, whenever they came; so a server that takes a second is not slower than one
/// that takes none. Otherwise it is of the answers that came inside the measured time.
void settle_rate(LoadResult& result, const LoadPlan& plan);

/// An observer of a LoadRun while it runs.
class LoadObserver {
 public:
  virtual ~LoadObserver() = default;
  /// Is given each `LoadPlan::slice` in order, the warm-up's too, on the thread of the run's EventLoop.
  virtual void on_slice(const Slice& slice) = 0;
  /// Called when the look-ups and connections are done, just before the first request is sent.
  virtual void on_started() {}
};

/// Takes samples, some thousands at once, on the thread that made them; several threads may call it at a
/// time. It delays that thread's load while it works, so it should hand the samples over and return.
using SampleSink = std::function<void(std::span<const Sample>)>;

}  // namespace leat::load
