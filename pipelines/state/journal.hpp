#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "pipelines/state/sqlite/frontier_table.hpp"
#include "pipelines/state/sqlite/journal_file.hpp"
#include "pipelines/state/sqlite/memory_table.hpp"
#include "pipelines/state/sqlite/root_table.hpp"

namespace leat::pipelines {

/// How a journal is kept.
struct JournalOptions {
  JournalOptions() = default;

  JournalFileOptions file;
  std::size_t batch = 64;                 // operations to a commit, at most
  std::chrono::milliseconds interval{1};  // and the longest that one waits for its commit
};

/// What `--state FILE` keeps of a run, so that the same command goes on where it was killed: at least once.
///
/// A source record is looked up before it is worked on and reported when its last descendant has ended and is
/// printed. Work that a stage gave to itself is in the frontier: an item that was added stands for itself
/// from then on, so the record it comes from may end before it. After `kill -9` at any moment everything is
/// as of the last commit: what ended since is done again, as is what was in flight. `unacknowledged` says
/// how much that is; who wants it to be less awaits `commit`.
///
/// All database work is done by a thread of its own, in the order of the calls. The loop never waits for it:
/// `ended` queues and returns; a caller that makes many awaits `wait_for_room` between them.
///
/// Once something has failed (disk full, input or output error) every call answers with that error, nothing
/// more is kept, and `failed()` is set: the run is to end with it. Whether a call that was cancelled took
/// effect is open. The destructor commits what was queued; the loop outlives it. Loop thread only.
class Journal {
 public:
  /// Makes or opens the file; see JournalFile for what is refused.
  static Result<std::unique_ptr<Journal>> open(async::EventLoop& loop, JournalOptions options);
  /// One of no file, gone with this object: for a frontier, or keys, that have outgrown memory.
  static Result<std::unique_ptr<Journal>> temporary(async::EventLoop& loop);

  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;
  ~Journal();

  /// What the record at that position of the source (1, 2, 3, …), of that content, is called and whether it
  /// is done. Positions in ascending order; by one task at a time. See RootTable for lists that were edited.
  async::Task<Result<Root>> lookup(std::uint64_t position, std::uint64_t hash);
  /// Whether a record was not where it was in the runs before: somebody edited the list.
  [[nodiscard]] bool list_changed() const noexcept;
  /// Keeps how a source record ended. Of one that fails again and again the last failure counts.
  void ended(RootEnd end);

  /// See MemoryTable: before anything else is asked of it.
  [[nodiscard]] std::vector<Remembered> take_memory(int stage);
  /// Is committed with what is reported afterwards, or before.
  void remember(int stage, std::uint64_t key, std::uint64_t value);

  /// See MemoryTable.
  async::Task<Result<std::vector<std::uint64_t>>> keep_first(int stage, std::vector<FirstOf> keys);

  /// See VersionTable.
  void keep_version(std::uint64_t url, io::FileVersion version);
  async::Task<Result<std::optional<io::FileVersion>>> version(std::uint64_t url);

  /// See FrontierTable for these.
  async::Task<Result<std::size_t>> add(int stage, std::vector<FrontierItem> items);
  async::Task<Result<std::vector<FrontierItem>>> take(int stage, std::size_t most);
  async::Task<Result<std::size_t>> finish(int stage, std::uint64_t key, std::vector<FrontierItem> children);
  /// The same without children and without waiting.
  void finished(int stage, std::uint64_t key);
  async::Task<Result<bool>> exists(int stage, std::uint64_t key);
  async::Task<Result<FrontierCount>> count(int stage);

  /// Nothing has been done of the list before this run.
  [[nodiscard]] bool is_new() const noexcept;
  /// All of the list is done: a run that wants to begin `again` may.
  void pass_ended();

  /// How many of `ended` and `finished` are not committed yet.
  [[nodiscard]] std::size_t unacknowledged() const noexcept;

  [[nodiscard]] bool has_room() const noexcept;
  async::Task<void> wait_for_room();
  /// Awaits that all that was called before is committed.
  async::Task<Status> commit();

  /// Why it could not go on, if so.
  [[nodiscard]] const Status& failure() const noexcept;
  [[nodiscard]] async::Event& failed() noexcept;

 private:
  struct Impl;
  explicit Journal(std::unique_ptr<Impl> impl);
  static Result<std::unique_ptr<Journal>> start(async::EventLoop& loop, JournalFile file,
                                                const JournalOptions& options);

  std::unique_ptr<Impl> impl_;
};

}  // namespace leat::pipelines
