#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/io/file_writer.hpp"
#include "pipelines/record/ledger.hpp"
#include "pipelines/state/run_config.hpp"
#include "pipelines/state/run_state.hpp"

namespace leat::pipelines {

/// How a journal's file is opened.
struct JournalFileOptions {
  JournalFileOptions() = default;

  std::string path;
  std::string leat_version;  // kept for people; a difference is no reason to refuse
  JournalConfig config;      // must be what the file holds, all of it
  bool any_config = false;   // unless this is set: then the file's is replaced
  bool again = false;        // a journal of a pass that ended whole is emptied for the next one
  bool durable = false;      // each commit is on the disk before it counts (synchronous=FULL)
};

/// How a journal is kept.
struct JournalOptions {
  JournalOptions() = default;

  JournalFileOptions file;
  std::size_t batch = 64;                 // operations to a commit, at most
  std::chrono::milliseconds interval{1};  // and the longest that one waits for its commit
};

/// What the journal knows of a record of the source.
struct Root {
  Root() = default;
  Root(std::uint64_t i, std::optional<Outcome> d) : id(i), done(d) {}

  std::uint64_t id = 0;         // what the record is called, in this run as in the runs before
  std::optional<Outcome> done;  // how it ended in a run before; none: it is to be worked on
};

/// Something that a stage has to know of the runs before.
struct Remembered {
  std::uint64_t key = 0;
  std::uint64_t value = 0;
  bool is_done = false;  // `value` is a record of the source, or the key of an item, that is done
};

/// How far files of results hold the lines of work that has ended, in bytes; by absolute path.
using OutputEnds = std::map<std::string, std::uint64_t>;

/// How many items of one stage there are.
struct FrontierCount {
  FrontierCount() = default;

  std::uint64_t queued = 0;
  std::uint64_t taken = 0;  // out of the queue and not finished
  std::uint64_t done = 0;

  /// The stage's work is at its end when this is 0.
  [[nodiscard]] std::uint64_t live() const noexcept { return queued + taken; }
};

/// What `--state` keeps of a run, so that the same command goes on where it was killed: each record at least
/// once.
///
/// A source record is looked up before it is worked on, and reported when its last descendant has ended and
/// is printed. Work that a stage gave to itself is in the frontier: an item that was added stands for itself
/// from then on, so the record that it comes from may end before it. After `kill -9` at any moment everything
/// is as of the last commit: what has ended since is done again, as is what was in flight. `unacknowledged`
/// counts calls of `ended` and `finished`; a caller that makes many of them awaits `wait_for_room` between
/// them. It fails when the disk is full, or can't be read or written. The destructor commits what was queued;
/// the loop outlives it. Loop thread only.
///
/// The one that exists keeps a SQLite file (state/sqlite). Stages are told apart by a number, their place in
/// the plan.
class Journal : public RunState {
 public:
  /// Makes or opens the file; see JournalFile for what is refused.
  static Result<std::unique_ptr<Journal>> open(async::EventLoop& loop, const JournalOptions& options);
  /// One without a file, gone with this object: for a frontier, or keys, that have outgrown memory.
  static Result<std::unique_ptr<Journal>> temporary(async::EventLoop& loop);

  /// What the record at that position of the source (1, 2, 3, …), with content of that hash, is called and
  /// whether it is done. Positions in ascending order; by one task at a time. A list that was edited between
  /// the runs is found by content from the first difference on.
  virtual async::Task<Result<Root>> lookup(std::uint64_t position, std::uint64_t hash) = 0;
  /// Keeps how a source record ended. Of a record that fails again and again the last failure counts.
  virtual void ended(RootEnd end) = 0;

  /// All that the stage had kept by `remember` when the journal was opened; once, before anything else is
  /// asked of the journal.
  [[nodiscard]] virtual std::vector<Remembered> take_memory(int stage) = 0;
  /// Is committed before, or together with, what is reported afterwards.
  virtual void remember(int stage, std::uint64_t key, std::uint64_t value) = 0;
  // The keys of keep_first are not read when the journal is opened, and are apart from those of `remember`.

  /// Which version of a URL, known by its hash, the file is that was saved of it; for --if-changed. Stays
  /// from one pass over the list to the next.
  virtual void keep_version(std::uint64_t url, io::FileVersion version) = 0;
  virtual async::Task<Result<std::optional<io::FileVersion>>> version(std::uint64_t url) = 0;

  /// What `wrote` has kept, if the run before was killed: what stands behind these ends, and all that stands
  /// in other files of results, is of work that is done again. Nothing if that run came to an end, or can't
  /// tell. Once, before `wrote`.
  [[nodiscard]] virtual std::optional<OutputEnds> take_output_ends() = 0;
  /// Lines of work that is about to end stand in that file, up to there. Is committed together with the next
  /// `ended` or `finished`.
  virtual void wrote(const std::string& path, std::uint64_t end) = 0;
  /// The run comes to its end, and what stands in its files of results stays.
  virtual void outputs_ended() = 0;

  /// The next items of a stage, in the order in which they were added: at most `most`, none if none is
  /// queued.
  virtual async::Task<Result<std::vector<FrontierItem>>> take(int stage, std::size_t most) = 0;
  /// The item is done.
  virtual void finished(int stage, std::uint64_t key) = 0;
  virtual async::Task<Result<FrontierCount>> count(int stage) = 0;

  /// Nothing has been done of the list before this run.
  [[nodiscard]] virtual bool is_new() const noexcept = 0;
  /// All of the list is done: a run that wants to begin `again` may.
  virtual void pass_ended() = 0;

  [[nodiscard]] virtual bool has_room() const noexcept = 0;
  virtual async::Task<void> wait_for_room() = 0;

  /// What `ended` and `finished` say, from `pass_ended` on: some of what came of it was dropped. In a run
  /// that comes to its end nobody wanted that, as behind a `limit`; another run does it again.
  virtual void ended_if_whole(RootEnd end) = 0;
  virtual void finished_if_whole(int stage, std::uint64_t key) = 0;
};

/// What a journal says about its run, for --status: how many records ended how, as of the last commit. What
/// is still to come only the source knows.
struct JournalStatus {
  JournalStatus() = default;

  struct Host {
    std::string name;  // "" for records that came to no host
    std::uint64_t ended = 0;
    std::uint64_t failed = 0;
  };

  bool in_use = false;  // a run is going
  JournalConfig config;
  std::array<std::uint64_t, kOutcomes> outcomes{};            // by Outcome
  std::vector<std::pair<std::string, std::uint64_t>> errors;  // by code, the most frequent first
  std::vector<Host> hosts;                                    // those with the most failures first
  std::uint64_t hosts_in_all = 0;
  std::uint64_t frontier_live = 0;  // pages and the like that stages have given themselves
  std::uint64_t frontier_done = 0;
};

/// Reads it, from any process, also while a run writes: it neither waits for that nor holds it up. `hosts` is
/// how many to list. Refused as view_journal_file says.
Result<JournalStatus> read_journal_status(const std::string& path, std::size_t hosts);

}  // namespace leat::pipelines
