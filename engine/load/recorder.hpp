#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/http/connector.hpp"
#include "engine/load/answer_sample.hpp"
#include "engine/load/load_plan.hpp"
#include "engine/load/load_result.hpp"

namespace leat::load {

/// One request as its thread knows it.
struct Exchange {
  async::TimePoint planned;
  async::TimePoint sent;        // the time when its sending began; a connection made for it comes after that
  async::TimePoint first_byte;  // valid if there is a status
  async::TimePoint ended;
  std::uint64_t body_bytes = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint32_t target = 0;
  std::uint32_t address = 0;  // `Recorder::number_of` it; 0 while there is no connection
  int status = 0;
  std::uint32_t resent = 0;   // how often its connection ended and it was sent once more
  BodyWatch* body = nullptr;  // of its answer, if the plan looks at bodies
};

/// Counts the results of one thread's requests.
///
/// A request counts if it was planned inside the measured time; slices depend on when things happen. It
/// allocates nothing for a good answer, and is told what time it is; only at the end of a slice it asks how
/// much of a core its thread has used. One thread.
class Recorder {
 public:
  /// Takes each slice when it is over, on this thread.
  using SliceSink = std::function<void(Slice)>;

  Recorder(const LoadPlan& plan, std::size_t thread, SliceSink slices, SampleSink samples);

  /// Tells the measured time, which is known from now on. Called before the first request.
  void start(async::TimePoint begin, async::TimePoint end) noexcept;
  /// The measured time ends earlier.
  void end_at(async::TimePoint end) noexcept { end_ = std::min(end_, end); }
  [[nodiscard]] bool counts(async::TimePoint planned) const noexcept {
    return planned >= begin_ && planned < end_;
  }

  /// Says whether a copy of the answer to a request that is planned for then is wanted. Called once for it.
  [[nodiscard]] bool wants_answer(async::TimePoint planned) noexcept;
  void sent(const Exchange& exchange) noexcept;
  /// A whole response came, of whatever status.
  void answered(const Exchange& exchange) noexcept;
  void failed(const Exchange& exchange, const Error& error);
  /// The thread stopped waiting before the request was answered or had failed. `drained` says that it had
  /// waited for as long as it should, so that the request counts as one without an answer.
  void left(const Exchange& exchange, bool drained) noexcept;
  /// A request that was planned but never sent.
  void dropped(std::uint32_t target, async::TimePoint planned) noexcept;

  /// The number of an address, for exchanges and connections; 0 if the text is empty.
  [[nodiscard]] std::uint32_t number_of(std::string_view address);
  void connected(const http::ConnectTimes& times, std::uint32_t address) noexcept;
  /// Connections of requests that failed or were redirected, of which no times are known.
  void connected_untimed(std::uint64_t connections) noexcept {
    result_.totals.connections_opened += connections;
  }
  /// A connection was dropped because something came on it that nobody had asked for.
  void unsolicited() noexcept { ++result_.totals.unsolicited; }
  /// How long answers may come after the end: what the plan says, or three times the median of what was
  /// measured so far, at least a second and at most 30.
  [[nodiscard]] async::Duration drain() const noexcept;
  void loop_turn(async::Duration took) noexcept { result_.client.loop_lag.record(nanoseconds(took)); }
  /// The time from when a request could have been sent to when it was sent.
  void schedule_lag(async::Duration lag) noexcept;
  /// A request that was planned for then found no slot free.
  void waited_for_slot(async::TimePoint planned) noexcept {
    if (counts(planned)) ++result_.client.cap_waits;
  }

  /// Ends the slices that are over. It is called before anything is told about what happens now.
  void look(async::TimePoint now) noexcept {
    if (now >= slice_end_) [[unlikely]]
      end_slices(now);
  }
  [[nodiscard]] async::TimePoint slice_end() const noexcept { return slice_end_; }

  /// Gives all results, once, when nothing more will come.
  [[nodiscard]] LoadResult finish(async::TimePoint now);

 private:
  static constexpr std::size_t kStatuses = 1000;
  /// What is counted for one target.
  struct Place {
    Tally tally;
    Histogram response;
    std::array<std::uint32_t, kStatuses> by_status{};
    std::map<Errc, ErrorTally> by_error;
  };

  [[nodiscard]] static std::uint64_t nanoseconds(async::Duration duration) noexcept {
    return duration.count() > 0 ? static_cast<std::uint64_t>(duration.count()) : 0;
  }
  // Calls `count` with the tally and the histogram of each place that the request belongs to.
  template <class Count>
  void at_places(const Exchange& exchange, Count count) noexcept;
  [[nodiscard]] StageResult& stage_of(async::TimePoint planned) noexcept;
  void add_targets();
  void add_addresses();
  void give_measured_to_only_address() noexcept;
  [[nodiscard]] bool has_parts() const noexcept { return places_.size() > 1 || !result_.by_stage.empty(); }
  // Says whether a request of the warm-up has kept its slot for all of the measured time without an answer.
  // Nothing else was sent by that slot, so without it a server that hangs would have no failure. A rate does
  // not wait for slots; what finds none is dropped there.
  [[nodiscard]] bool has_held_slot(const Exchange& exchange) const noexcept;
  // Counts such a request as sent when the measured time began, and gives it back as one that was.
  Exchange as_measured(const Exchange& exchange) noexcept;
  void count_failed(const Exchange& exchange, const Error& why);
  void count_left(const Exchange& exchange, bool drained) noexcept;
  void in_flight_changes(async::TimePoint now, int by) noexcept;
  void leaves(const Exchange& exchange) noexcept;
  void end_slices(async::TimePoint now) noexcept;
  void end_slice(async::TimePoint at) noexcept;
  [[nodiscard]] async::TimePoint next_slice_end() const noexcept;
  void sample(const Exchange& exchange, bool failed, Errc code);
  [[nodiscard]] double cpu_since_slice() noexcept;

  const LoadPlan& plan_;
  std::size_t thread_;
  SliceSink slices_;
  SampleSink sample_sink_;
  std::vector<Sample> samples_;
  AnswerSample answers_;
  std::size_t wanted_answers_ = 0;  // that are under way

  async::TimePoint begin_ = async::TimePoint::max();
  async::TimePoint end_ = async::TimePoint::max();
  async::TimePoint planned_end_ = async::TimePoint::max();
  async::TimePoint last_end_;  // the end of the last response that counts
  async::TimePoint slice_end_ = async::TimePoint::max();
  Slice slice_;
  async::TimePoint slice_start_;
  async::Duration slice_cpu_{0};
  async::Duration begin_cpu_{0};
  async::Duration begin_wait_{0};
  bool begun_ = false;  // the measured time

  std::uint64_t in_flight_ = 0;
  async::TimePoint in_flight_since_;
  double in_flight_area_ = 0;   // nanoseconds × requests
  double in_service_area_ = 0;  // the same from the requests' own times

  std::array<bool, kStatuses> expected_{};
  std::vector<Place> places_;
  LoadResult result_;
};

/// Adds what another thread of the same run has counted, except `by_target`, `series` and the times, which
/// stay.
void merge_part(LoadResult& whole, LoadResult part);

/// What the parts of one run (see LoadPlan::all_threads) come to, as if their threads had been one process's.
/// `plan` is that of the whole.
[[nodiscard]] LoadResult merge_members(std::vector<LoadResult> parts, const LoadPlan& plan);

}  // namespace leat::load
