#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/error.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"

namespace leat::pipelines {

/// Runs operations on one database, in the order of their submission, on a thread of its own. Many
/// operations share a transaction (group commit).
///
/// A transaction is committed once it holds `batch` operations, or its first one has waited for `interval`,
/// or somebody waits for it. An operation that nobody waits for is not run before that, since the thread is
/// not woken for it alone. No commit falls into the middle of an operation: whenever the process is killed,
/// an operation is done whole or not at all.
///
/// The first error ends it: what was not committed is rolled back, `on_failure` is called once, and all
/// later operations are told of the error and do not run. Operations and callbacks are called on this
/// thread. `submit`, `submit_commit` and `backlog` are for any thread. The destructor runs what was
/// submitted, commits and joins.
class DbThread {
 public:
  /// Is called with null to run, or with the error that keeps it from running.
  using Operation = std::function<Status(const Error* broken)>;

  struct Options {
    Options() = default;

    std::size_t batch = 64;
    std::chrono::milliseconds interval{1};
    std::function<Status()> before_commit = [] { return Status(); };  // runs last in each transaction
    std::function<void()> after_commit = [] {};
    std::function<void(const Error&)> on_failure = [](const Error&) {};
  };

  DbThread(SqliteDb& db, Options options);
  DbThread(const DbThread&) = delete;
  DbThread& operator=(const DbThread&) = delete;
  ~DbThread();

  void submit(Operation operation);
  /// The same for an operation that somebody waits for: it is run as soon as possible.
  void submit_now(Operation operation);
  /// Calls `told` once all that was submitted before is committed, or with what failed.
  void submit_commit(std::function<void(const Status&)> told);

  /// How many operations are submitted and not yet run.
  [[nodiscard]] std::size_t backlog() const noexcept { return backlog_; }

 private:
  struct Entry {
    Operation operation;  // or
    std::function<void(const Status&)> commit;
  };

  void push(Entry entry, bool is_urgent);
  void run();
  bool next(std::vector<Entry>& entries);
  void work(Entry& entry);
  void operate(const Operation& operation);
  void commit();
  void fail(Error error);

  SqliteDb& db_;
  const Options options_;

  // These belong to the thread.
  std::size_t open_operations_ = 0;  // in the open transaction; 0: there is none
  std::chrono::steady_clock::time_point due_;
  Status failure_;

  std::atomic<std::size_t> backlog_ = 0;
  std::mutex mutex_;  // guards what follows
  std::condition_variable wake_;
  std::vector<Entry> entries_;
  bool is_urgent_ = false;  // one of them is
  bool sleeps_ = false;     // the thread does, until there is something
  bool stopping_ = false;

  std::thread thread_;  // last: it uses all of the above
};

}  // namespace leat::pipelines
