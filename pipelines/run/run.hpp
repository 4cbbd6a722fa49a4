#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/plan/plan.hpp"
#include "pipelines/record/failure_tally.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/run/stage_info.hpp"

namespace leat::pipelines {

/// A transfer under way.
struct TransferInfo {
  std::string url;  // without credentials
  async::Duration elapsed{0};
  std::uint64_t bytes = 0;  // of its body so far, with what an earlier run has left
  std::uint64_t total = 0;  // of the whole body; 0: unknown
};

/// One origin that transfers run to, wait for, or leave alone for a while.
struct HostInfo {
  std::string origin;
  std::uint64_t running = 0;
  std::uint64_t waiting = 0;
  async::Duration parked_for{0};  // from now; zero: not parked
  bool is_doubtful = false;       // it has failed a few times in a row: one probe at a time goes there
  async::Duration doubtful_for{0};
  async::Duration next_probe{0};  // from now; zero: one is under way, or due
};

/// What a run looks like at one moment, for progress and the summary.
struct RunStats {
  std::uint64_t records_in = 0;
  std::array<std::uint64_t, kOutcomes> outcomes{};  // by Outcome
  std::uint64_t live = 0;
  std::uint64_t running = 0;   // transfers under way
  std::uint64_t retrying = 0;  // waiting for their next attempt
  std::uint64_t waiting = 0;   // read, but their host is at its cap, at its rate or parked
  std::uint64_t parked_hosts = 0;
  std::vector<HostInfo> doubtful_hosts;  // the longest first
  std::vector<std::pair<std::string, std::uint64_t>>
      given_up;                       // origins, and how many records were not tried
  std::uint64_t bytes = 0;            // of bodies, so far
  std::optional<double> input_read;   // what part of the source's file was read, where that can be told
  std::vector<TransferInfo> slowest;  // the longest under way, at most three, the longest first
  FailureReport failures;             // of the records that have ended
  bool source_ended = false;
  std::uint64_t done_before = 0;  // of the source's, by the runs before; not among records_in
  bool too_many_failed = false;   // Plan::max_errors ended it
  bool output_closed = false;     // by its reader: a quiet end
};

/// The queue between two stages.
struct QueueInfo {
  std::string name;  // "lines > fetch"
  std::uint64_t size = 0;
  std::uint64_t capacity = 0;
  std::uint64_t getters = 0;  // suspended because it is empty
  std::uint64_t putters = 0;  // suspended because it is full
};

/// One execution of a Plan: builds its stages, joins them by bounded queues, and runs them on the loop until
/// the source is exhausted and no ticket lives.
///
/// Loop thread only. Outlives EventLoop::run; destroyed before the loop.
class Run {
 public:
  /// `output_fd` is where `write` writes: standard output.
  Run(async::EventLoop& loop, Plan plan, int output_fd);
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run();

  /// To the end. The Error, if there is one, is why the run itself could not go on (disk_full, an input that
  /// can't be read, an output that fails; never one record's failure). A reader that closed the output is not
  /// an error.
  async::Task<Status> execute();

  /// Files that were read to make the plan, of which no output may take the place. Before `execute`.
  void protect(std::vector<std::string> inputs);
  /// Who hears of failed records that no output can show, in one line each, without its end. Before
  /// `execute`.
  void report_failures(std::function<void(const std::string&)> report);
  /// Who hears of what a user should know of the run, in one line each, without its end. Before `execute`.
  void report_notes(std::function<void(const std::string&)> report);

  /// The first signal: reads no more input, starts no transfer, lets running ones finish for `grace`, then
  /// cancels. What was read but not started is printed as cancelled.
  void finish_early(async::Duration grace);
  /// The second signal: cancels what runs; everything read so far is still accounted for, and printed if
  /// the output's reader takes it: one that takes nothing for a moment is given up, and commands have a
  /// moment to end.
  void cancel_now();

  [[nodiscard]] RunStats stats() const;
  /// Whether anything of it goes to standard output; known once `execute` has begun.
  [[nodiscard]] bool uses_standard_output() const;
  /// Every origin that something runs to or waits for, and those that are parked.
  [[nodiscard]] std::vector<HostInfo> hosts() const;
  /// How many transfers each thread has, the loop's own first; nothing where there is no other.
  [[nodiscard]] std::vector<std::size_t> threads() const;
  /// The queues that are open still, in the order of the pipeline.
  [[nodiscard]] std::vector<QueueInfo> queues() const;
  /// Every stage, in the order of the pipeline; the one that limits the others says why.
  [[nodiscard]] std::vector<StageInfo> stages() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::pipelines
