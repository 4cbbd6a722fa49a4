#include "pipelines/state/sqlite/db_thread.hpp"

#include <pthread.h>

#include <utility>

#include "engine/async/blocked_signals.hpp"

namespace leat::pipelines {

DbThread::DbThread(SqliteDb& db, Options options) : db_(db), options_(std::move(options)) {
  const async::BlockedSignals blocked;  // SIGXFSZ too: reaching a file-size limit is an error here
  thread_ = std::thread([this] { run(); });
}

DbThread::~DbThread() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void DbThread::submit(Operation operation) {
  Entry entry;
  entry.operation = std::move(operation);
  push(std::move(entry), false);
}

void DbThread::submit_now(Operation operation) {
  Entry entry;
  entry.operation = std::move(operation);
  push(std::move(entry), true);
}

void DbThread::submit_commit(std::function<void(const Status&)> told) {
  Entry entry;
  entry.commit = std::move(told);
  push(std::move(entry), true);
}

// The thread sleeps without a limit only if there is nothing at all; else it wakes when the transaction is
// due.
void DbThread::push(Entry entry, bool is_urgent) {
  ++backlog_;
  bool is_news = false;
  {
    const std::lock_guard lock(mutex_);
    const bool becomes_urgent = is_urgent && !std::exchange(is_urgent_, true);
    entries_.push_back(std::move(entry));
    is_news = becomes_urgent || entries_.size() == options_.batch || (entries_.size() == 1 && sleeps_);
  }
  if (is_news) wake_.notify_one();
}

void DbThread::run() {
  pthread_setname_np(pthread_self(), "leat-journal");
  std::vector<Entry> entries;
  while (next(entries)) {
    for (auto& entry : entries) {
      work(entry);
      entry = Entry();  // it lets go of what it holds now, not after the others
      --backlog_;
    }
    entries.clear();
    if (open_operations_ > 0 && std::chrono::steady_clock::now() >= due_) commit();
  }
  commit();
}

// Gives false at the end, and no entries when the open transaction is due.
bool DbThread::next(std::vector<Entry>& entries) {
  std::unique_lock lock(mutex_);
  if (open_operations_ == 0) {
    sleeps_ = true;
    wake_.wait(lock, [this] { return !entries_.empty() || stopping_; });
    sleeps_ = false;
    due_ = std::chrono::steady_clock::now() + options_.interval;
  }
  wake_.wait_until(lock, due_,
                   [this] { return is_urgent_ || entries_.size() >= options_.batch || stopping_; });
  entries.swap(entries_);
  is_urgent_ = false;
  return !entries.empty() || !stopping_;
}

void DbThread::work(Entry& entry) {
  if (entry.commit) {
    commit();
    entry.commit(failure_);
  } else {
    operate(entry.operation);
    if (open_operations_ >= options_.batch) commit();
  }
}

void DbThread::operate(const Operation& operation) {
  if (!failure_ && open_operations_ == 0) {
    if (auto failed = db_.execute("BEGIN IMMEDIATE")) fail(std::move(*failed));
  }
  auto failed = operation(failure_ ? &*failure_ : nullptr);
  if (failure_) return;
  ++open_operations_;
  if (failed) fail(std::move(*failed));
}

void DbThread::commit() {
  if (open_operations_ == 0) return;
  open_operations_ = 0;
  auto failed = options_.before_commit();
  if (!failed) failed = db_.execute("COMMIT");
  failed ? fail(std::move(*failed)) : options_.after_commit();
}

void DbThread::fail(Error error) {
  open_operations_ = 0;
  db_.execute("ROLLBACK");  // SQLite may have done that itself
  options_.on_failure(error);
  failure_ = std::move(error);
}

}  // namespace leat::pipelines
