#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/http/gate/host_health.hpp"
#include "engine/redis/redis_url.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/state/run_config.hpp"
#include "pipelines/state/run_state.hpp"

namespace leat::pipelines {

/// How a process takes part in a job.
struct JobOptions {
  JobOptions() = default;

  redis::RedisUrl url;   // its `name` is the job's
  JournalConfig config;  // must be the job's, all of it
  std::string leat_version;
  async::Duration away{std::chrono::minutes(10)};   // so long Redis may be away before the run ends
  async::Duration lease{std::chrono::seconds(10)};  // what a process holds lapses so long after its last word
  async::Duration beat{std::chrono::milliseconds(250)};  // between two words
  std::size_t parts = 1;         // of each origin, which may be in different processes' hands: a power of two
  std::size_t most_in_hand = 1;  // records of a partition in a process's hands, where origins are in parts
};

/// A record of the source, as it is put into the job.
struct JobRecord {
  JobRecord() = default;
  JobRecord(std::uint64_t p, std::string t) : place(p), text(std::move(t)) {}

  std::uint64_t place = 0;  // see place_of: records of one place are in one process's hands
  std::string text;
};

/// The place of an origin's first part. The others are behind it.
[[nodiscard]] std::uint64_t home_of(std::string_view origin) noexcept;
/// The place of the record with that id, where each origin has so many parts. Records whose ids follow one
/// another are spread over the parts evenly.
[[nodiscard]] std::uint64_t place_of(std::string_view origin, std::uint64_t id, std::size_t parts) noexcept;

/// What a process that has an origin's records now has to know of the processes that had them before.
struct OriginPast {
  OriginPast() = default;

  std::optional<async::TimePoint> taken_over;    // since when it has them; nothing if no other had them
  std::optional<async::TimePoint> parked_until;  // nothing is to start there before; may be over
};

/// What is known of how an origin answers, for whoever has its records next.
struct OriginHealth {
  OriginHealth() = default;

  std::optional<http::HostDoubt> doubt;  // nothing if it answers well again
  Error last;                            // of its failures, if there is a doubt
};

/// What a reader of the source has put into the job so far.
struct SourcePosition {
  SourcePosition() = default;

  std::uint64_t records = 0;  // of the source
  std::uint64_t hash = 0;     // of all that was read up to there
};

/// A record that this process has taken out of the job to work on it. Is the job's again when it is
/// destroyed, unless Job::ended was called with it. The job outlives it.
class JobWork {
 public:
  JobWork() = default;
  JobWork(const JobWork&) = delete;
  JobWork& operator=(const JobWork&) = delete;
  virtual ~JobWork() = default;

  [[nodiscard]] virtual const std::string& text() const noexcept = 0;
  /// In which part of its origin it is; 0 if origins have no parts.
  [[nodiscard]] virtual std::size_t part() const noexcept = 0;
  /// Whether work on it may start, or go on with another try, now. False once what it belongs to is not this
  /// process's any more: another one does it.
  [[nodiscard]] virtual bool may_start() = 0;
  /// Whether it is in the partition of that place.
  [[nodiscard]] virtual bool is_at(std::uint64_t place) const noexcept = 0;
};
using JobWorkPtr = std::unique_ptr<JobWork>;

/// A record that wants to pass, and the one of the job that it came of.
struct Passing {
  std::uint64_t id = 0;
  std::uint64_t root = 0;
};

/// What all processes of a job have done.
struct JobSum {
  JobSum() = default;

  std::array<std::uint64_t, kOutcomes> outcomes{};
};

/// The state of a run that is one of several processes' which do one job together.
///
/// The source is read by one process at a time: who has the turn puts its records into the job, together with
/// the position. They are in partitions by their place, and a partition is leased to one process at a time:
/// leases are spread evenly, go over when processes come and go, and lapse some seconds after their holder
/// was heard of last. A record stays in the job until it has ended, so that what a process loses others do
/// again. How often it is counted does not depend on how often it was done.
///
/// An origin whose cap is larger than what one process can use is in several parts, each at a place of its
/// own. What is known of such an origin is told to all processes that have some of them.
///
/// What a stage adds is one more record of the job, in the partition of its own place, and comes to whoever
/// has that; it is to be added before the record that it came of has ended. An item's key is among those that
/// `keep_first` keeps for the stage, with the item's id as the first of it. Stages have numbers, which grow
/// along the pipeline.
///
/// The job is over once its source has been read to the end and no record lives: then `take` gives nothing,
/// in each process. Redis may be away for a while (see JobOptions); nothing starts in the meantime that
/// another process could have taken over. Only Redis's clock counts. Errors: those of redis::Client;
/// bad_input for a job that this process can't take part in, with what to do.
///
/// The one that exists keeps it in Redis (state/redis).
class Job : public RunState {
 public:
  /// Makes the job, or joins it if it is there.
  static async::Task<Result<std::unique_ptr<Job>>> join(async::EventLoop& loop, JobOptions options);

  /// A number that all of its processes have in common, and no other job has.
  [[nodiscard]] virtual std::uint64_t seed() const noexcept = 0;
  /// This process has made it.
  [[nodiscard]] virtual bool is_new() const noexcept = 0;

  /// How many parts each origin has, as in JobOptions, and how many processes there are now.
  [[nodiscard]] virtual std::size_t parts() const noexcept = 0;
  [[nodiscard]] virtual std::size_t processes() const noexcept = 0;

  /// Awaits the turn to read the source, from that position on. Nothing if all of it has been read, or the
  /// process is to end.
  virtual async::Task<Result<std::optional<SourcePosition>>> wait_for_turn() = 0;
  /// Puts the records that were read into the job. `position` is what was read with them; `is_last`: there
  /// are no more. False if this process has lost its turn; then nothing is put, and it may wait for another.
  virtual async::Task<Result<bool>> put(std::vector<JobRecord> records, SourcePosition position,
                                        bool is_last) = 0;
  /// This process will not read the source: the turn is another's.
  virtual void pass_turn() noexcept = 0;

  /// Awaits records to work on: at most that many. None once the job is over, or the process is to end.
  virtual async::Task<Result<std::vector<JobWorkPtr>>> take(std::size_t most) = 0;
  /// The record has ended so, and all that came of it.
  virtual void ended(JobWorkPtr work, RootEnd end) = 0;

  /// An origin has asked to be left alone until then: what processes that get its records later have to know.
  virtual void park(std::string_view origin, async::TimePoint until) = 0;
  /// Of an origin whose records this process has.
  [[nodiscard]] virtual OriginPast past_of(std::string_view origin) const = 0;

  /// An origin whose records this process has was found not to answer well, or to do so again.
  virtual void tell_health(std::string_view origin, OriginHealth health) = 0;
  /// What another process has found out before this one had its records; once.
  virtual std::optional<OriginHealth> take_health(std::string_view origin) = 0;
  /// Has `hear` called from now on with each origin, of those that have parts here, of which another process
  /// has told something: `past_of` and `take_health` give it, to each who hears it. An empty one ends that
  /// for this `who`.
  virtual void when_told(const void* who, std::function<void(std::string_view origin)> hear) = 0;

  /// How often this process has connected to the job's server. One that was restarted may have lost the end
  /// of what it was told: the ends of records, and what was added before them.
  [[nodiscard]] virtual std::uint64_t connections() const noexcept = 0;
  /// The source has been read to the end and no record lives.
  [[nodiscard]] virtual bool is_over() const noexcept = 0;

  /// Of each record whether it is among the first `most` that the stage has let pass. One that has passed
  /// passes again. With `only_these` no other records are wanted once so many have passed: see is_full.
  virtual async::Task<Result<std::vector<bool>>> pass_first(int stage, std::vector<Passing> records,
                                                            std::uint64_t most, bool only_these) = 0;
  /// The last stage that has all the records that it wants, by its number; 0: none has. The source need not
  /// be read on then, and of what is in the job before that stage only those records are wanted of which
  /// something has passed there.
  [[nodiscard]] virtual int full_stage() const noexcept = 0;
  [[nodiscard]] bool is_full() const noexcept { return full_stage() > 0; }
  /// Of records of the job, by their ids, those that are wanted although it is full.
  virtual async::Task<Result<std::vector<bool>>> are_wanted(std::vector<std::uint64_t> roots) = 0;

  /// The process is to end: nothing is taken any more, and Redis is no longer waited for.
  virtual void stop() = 0;
  /// Gives all leases back, and says what the job has done if it is over and no other process is left in it.
  /// The last call; awaits all tasks of this object.
  virtual async::Task<std::optional<JobSum>> leave() = 0;
};

/// "1000 ok, 3 failed", without outcomes that no record has had.
[[nodiscard]] std::string to_text(const JobSum& sum);

/// What is known of a job, for `leat work --status`.
struct JobStatus {
  JobStatus() = default;

  struct Process {
    std::string name;  // host and process id
    std::uint64_t partitions = 0;
    bool reads = false;  // it has the turn to read the source
    std::uint64_t ended = 0;
  };
  /// An origin that does not answer well.
  struct Down {
    std::string origin;
    bool is_given_up = false;
    double seconds = 0;     // so long it has not answered well
    double next_probe = 0;  // in so many seconds it is asked again, unless it is given up
    std::string code;       // of the last failure there
    std::string message;
  };
  struct Failure {
    std::string code;
    std::string url;
    std::string message;
  };

  JournalConfig config;
  std::string leat_version;
  bool exhausted = false;     // all of the source was read
  bool over = false;          // and all of it is done
  std::uint64_t read = 0;     // records of the source
  std::uint64_t created = 0;  // records put into the job
  std::uint64_t done = 0;     // of these
  double seconds = 0;         // since it was made, until it was over
  double rate = 0;            // records done a second in that time
  std::array<std::uint64_t, kOutcomes> outcomes{};
  std::vector<std::pair<std::string, std::uint64_t>> errors;  // by code, the most frequent first
  std::vector<std::pair<std::string, std::uint64_t>> hosts;   // with failures, the most first
  std::vector<Down> down;        // those that have been silent for the longest time first
  std::uint64_t down_count = 0;  // of which `down` has 100 at most
  std::vector<Process> processes;
  std::vector<Failure> failures;  // the last ones, the newest first
};

/// Reads it from any process. bad_input if there is no such job, or it can't be read.
async::Task<Result<JobStatus>> read_job_status(async::EventLoop& loop, redis::RedisUrl url);
/// Removes the job with all that it has kept; how many keys those were.
async::Task<Result<std::uint64_t>> drop_job(async::EventLoop& loop, redis::RedisUrl url);

}  // namespace leat::pipelines
