#include "pipelines/state/journal.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>
#include <vector>

#include "engine/async/future.hpp"
#include "pipelines/state/sqlite/db_thread.hpp"
#include "pipelines/state/sqlite/frontier_table.hpp"
#include "pipelines/state/sqlite/journal_file.hpp"
#include "pipelines/state/sqlite/memory_table.hpp"
#include "pipelines/state/sqlite/output_table.hpp"
#include "pipelines/state/sqlite/root_table.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBacklog = 4096;  // operations that may wait
constexpr std::uint64_t kBlock = 4096;  // rows of roots that are read at once

/// The tables of one file. Once the thread runs they are the thread's, but for what `memory` has read.
struct Tables {
  Tables(std::unique_ptr<JournalFile> f, RootTable r, FrontierTable t, MemoryTable m, VersionTable v,
         OutputTable o)
      : file(std::move(f)),
        roots(std::move(r)),
        frontier(std::move(t)),
        memory(std::move(m)),
        versions(std::move(v)),
        outputs(std::move(o)) {}

  std::unique_ptr<JournalFile> file;  // the tables hold on to its database
  RootTable roots;
  FrontierTable frontier;
  MemoryTable memory;
  VersionTable versions;
  OutputTable outputs;
};

/// A journal in a SQLite file. A thread of its own does all work on the database, in the order of the calls.
class SqliteJournal final : public Journal {
 public:
  SqliteJournal(async::EventLoop& loop, Tables tables, const JournalOptions& options)
      : loop_(loop),
        tables_(std::move(tables)),
        known_(tables_.roots.last_id()),
        thread_(tables_.file->db, thread_options(options)) {}
  ~SqliteJournal() override { link_->owner = nullptr; }

  async::Task<Result<Root>> lookup(std::uint64_t position, std::uint64_t hash) override;
  void ended(RootEnd end) override;

  std::vector<Remembered> take_memory(int stage) override { return tables_.memory.take(stage); }
  void remember(int stage, std::uint64_t key, std::uint64_t value) override {
    write([&table = tables_.memory, stage, key, value] { return table.keep(stage, key, value); });
  }
  async::Task<Result<std::vector<std::uint64_t>>> keep_first(int stage, std::vector<FirstOf> keys) override {
    return call<std::vector<std::uint64_t>>(
        [&table = tables_.memory, stage, keys = std::move(keys)] { return table.keep_first(stage, keys); });
  }

  void keep_version(std::uint64_t url, io::FileVersion version) override {
    write(
        [&table = tables_.versions, url, version = std::move(version)] { return table.keep(url, version); });
  }
  async::Task<Result<std::optional<io::FileVersion>>> version(std::uint64_t url) override {
    return call<std::optional<io::FileVersion>>([&table = tables_.versions, url] { return table.find(url); });
  }

  std::optional<OutputEnds> take_output_ends() override { return tables_.outputs.take(); }
  void wrote(const std::string& path, std::uint64_t end) override {
    auto& last = written_[path];
    last = std::max(last, end);
  }
  void outputs_ended() override {
    write([&table = tables_.outputs, ends = std::exchange(written_, {})] {
      auto failed = table.keep(ends);
      return failed ? std::move(failed) : table.end_run();
    });
  }

  async::Task<Result<std::size_t>> add(int stage, std::vector<FrontierItem> items) override {
    return call<std::size_t>(
        [&table = tables_.frontier, stage, items = std::move(items)] { return table.add(stage, items); });
  }
  async::Task<Result<std::vector<FrontierItem>>> take(int stage, std::size_t most) override {
    return call<std::vector<FrontierItem>>(
        [&table = tables_.frontier, stage, most] { return table.take(stage, most); });
  }
  void finished(int stage, std::uint64_t key) override;
  async::Task<Result<FrontierCount>> count(int stage) override {
    return call<FrontierCount>(
        [&table = tables_.frontier, stage]() -> Result<FrontierCount> { return table.count(stage); });
  }

  bool is_new() const noexcept override { return tables_.file->is_new; }
  void ended_if_whole(RootEnd end) override { ends_if_whole_.push_back(std::move(end)); }
  void finished_if_whole(int stage, std::uint64_t key) override { items_if_whole_.emplace_back(stage, key); }
  void pass_ended() override {
    for (auto& end : std::exchange(ends_if_whole_, {})) ended(std::move(end));
    for (const auto& [stage, key] : std::exchange(items_if_whole_, {})) finished(stage, key);
    write([&db = tables_.file->db] { return db.execute("INSERT OR IGNORE INTO passes VALUES(1)"); });
  }

  std::size_t unacknowledged() const noexcept override {
    return ends_ - ends_kept_.load(std::memory_order_relaxed);
  }
  bool has_room() const noexcept override { return thread_.backlog() < kBacklog; }
  async::Task<void> wait_for_room() override;
  async::Task<Status> commit() override;

  const Status& failure() const noexcept override { return failure_; }
  async::Event& failed() noexcept override { return failed_; }

 private:
  /// Leads what the thread posts to the journal, for as long as that lives. Only the loop's thread looks.
  struct Link {
    SqliteJournal* owner;
  };

  DbThread::Options thread_options(const JournalOptions& options);
  template <class T>
  async::Task<Result<T>> call(std::function<Result<T>()> work);
  void write(std::function<Status()> work);
  void end(std::function<Status()> work);
  async::Task<Status> load_block(std::uint64_t first);
  async::Task<Status> start_over_by_content(std::uint64_t position);
  [[nodiscard]] const RootTable::Row* row_of(std::uint64_t id) const;

  async::EventLoop& loop_;
  const std::shared_ptr<Link> link_ = std::make_shared<Link>(Link{this});
  Tables tables_;

  const std::uint64_t known_;  // no record of the runs before has a higher id
  std::vector<RootTable::Row> block_;
  std::uint64_t block_end_ = 0;  // the first id that is not in it
  bool changed_ = false;         // the list was edited

  std::vector<RootEnd> ends_if_whole_;
  std::vector<std::pair<int, std::uint64_t>> items_if_whole_;
  OutputEnds written_;  // what `wrote` has told since the last end

  std::uint64_t ends_ = 0;                   // reported
  std::uint64_t ends_done_ = 0;              // the thread's: those that were run
  std::atomic<std::uint64_t> ends_kept_{0};  // and committed

  Status failure_;
  async::Event failed_;

  DbThread thread_;  // last: it uses the tables
};

DbThread::Options SqliteJournal::thread_options(const JournalOptions& options) {
  DbThread::Options thread_options;
  thread_options.batch = std::max<std::size_t>(options.batch, 1);
  thread_options.interval = options.interval;
  thread_options.before_commit = [this] { return tables_.roots.write_counts(); };
  thread_options.after_commit = [this] { ends_kept_.store(ends_done_, std::memory_order_relaxed); };
  thread_options.on_failure = [&loop = loop_, to = link_](const Error& error) {
    loop.post([to, error] {
      if (to->owner == nullptr) return;
      to->owner->failure_ = error;
      to->owner->failed_.set();
    });
  };
  return thread_options;
}

// The answer outlives a caller that is cancelled, and this.
template <class T>
async::Task<Result<T>> SqliteJournal::call(std::function<Result<T>()> work) {
  auto answer = std::make_shared<async::Future<Result<T>>>();
  thread_.submit_now([&loop = loop_, answer, work = std::move(work)](const Error* broken) {
    auto result = std::make_shared<Result<T>>(broken != nullptr ? Result<T>(*broken) : work());
    Status broke;
    if (!result->ok()) broke = result->error();
    loop.post([answer, result] { answer->set(std::move(*result)); });
    return broke;
  });
  auto get = answer->get();
  co_return std::move(co_await get);
}

// Nobody waits for an answer; what fails is the thread's to tell.
void SqliteJournal::write(std::function<Status()> work) {
  thread_.submit(
      [work = std::move(work)](const Error* broken) { return broken != nullptr ? Status() : work(); });
}

async::Task<Status> SqliteJournal::load_block(std::uint64_t first) {
  auto loading =
      call<std::vector<RootTable::Row>>([this, first] { return tables_.roots.rows(first, kBlock); });
  auto rows = co_await std::move(loading);
  if (!rows.ok()) co_return std::move(rows.error());
  block_ = std::move(*rows);
  block_end_ = first + kBlock;
  co_return std::nullopt;
}

async::Task<Status> SqliteJournal::start_over_by_content(std::uint64_t position) {
  changed_ = true;
  block_ = {};
  auto starting = call<bool>([this, position]() -> Result<bool> {
    if (auto failed_to = tables_.roots.start_over_by_content(position)) return std::move(*failed_to);
    return true;
  });
  auto started = co_await std::move(starting);
  if (!started.ok()) co_return std::move(started.error());
  co_return std::nullopt;
}

const RootTable::Row* SqliteJournal::row_of(std::uint64_t id) const {
  const auto at =
      std::lower_bound(block_.begin(), block_.end(), id,
                       [](const RootTable::Row& row, std::uint64_t wanted) { return row.id < wanted; });
  return at == block_.end() || at->id != id ? nullptr : &*at;
}

async::Task<Result<Root>> SqliteJournal::lookup(std::uint64_t position, std::uint64_t hash) {
  if (!changed_) {
    if (position > known_) co_return Root(position, std::nullopt);
    if (position >= block_end_) {
      auto loading = load_block(position);
      if (auto failed = co_await std::move(loading)) co_return std::move(*failed);
    }
    const RootTable::Row* row = row_of(position);
    if (row == nullptr) co_return Root(position, std::nullopt);
    if (row->hash == hash) co_return Root(position, row->outcome);
    auto starting = start_over_by_content(position);
    if (auto failed = co_await std::move(starting)) co_return std::move(*failed);
  }
  auto finding =
      call<Root>([&roots = tables_.roots, position, hash] { return roots.find_by_content(position, hash); });
  co_return co_await std::move(finding);
}

// An operation is in one transaction, so that an end and what was written before it are kept together.
void SqliteJournal::end(std::function<Status()> work) {
  ++ends_;
  thread_.submit([this, work = std::move(work), written = std::exchange(written_, {})](const Error* broken) {
    ++ends_done_;
    if (broken != nullptr) return Status();
    auto failed = tables_.outputs.keep(written);
    return failed ? std::move(failed) : work();
  });
}

void SqliteJournal::ended(RootEnd end) {
  this->end([&roots = tables_.roots, end = std::move(end)] { return roots.end(end); });
}

void SqliteJournal::finished(int stage, std::uint64_t key) {
  end([&frontier = tables_.frontier, stage, key] { return frontier.finish(stage, key); });
}

// Once its own turn has come, all that was before it is gone.
async::Task<void> SqliteJournal::wait_for_room() {
  while (!has_room()) {
    auto turn = call<bool>([]() -> Result<bool> { return true; });
    const auto come = co_await std::move(turn);
    if (!come.ok()) co_return;  // from now on nothing takes time
  }
}

async::Task<Status> SqliteJournal::commit() {
  auto answer = std::make_shared<async::Future<Status>>();
  thread_.submit_commit([&loop = loop_, answer](const Status& status) {
    loop.post([answer, status] { answer->set(status); });
  });
  auto get = answer->get();
  co_return co_await get;
}

Result<std::unique_ptr<Journal>> start(async::EventLoop& loop, JournalFile file,
                                       const JournalOptions& options) {
  auto kept = std::make_unique<JournalFile>(std::move(file));
  auto roots = RootTable::open(kept->db);
  if (!roots.ok()) return std::move(roots.error());
  auto frontier = FrontierTable::open(kept->db);
  if (!frontier.ok()) return std::move(frontier.error());
  auto memory = MemoryTable::open(kept->db);
  if (!memory.ok()) return std::move(memory.error());
  auto versions = VersionTable::open(kept->db);
  if (!versions.ok()) return std::move(versions.error());
  auto outputs = OutputTable::open(kept->db, kept->is_new);
  if (!outputs.ok()) return std::move(outputs.error());
  Tables tables(std::move(kept), std::move(*roots), std::move(*frontier), std::move(*memory),
                std::move(*versions), std::move(*outputs));
  return std::unique_ptr<Journal>(std::make_unique<SqliteJournal>(loop, std::move(tables), options));
}

}  // namespace

Result<std::unique_ptr<Journal>> Journal::open(async::EventLoop& loop, const JournalOptions& options) {
  auto file = open_journal_file(options.file);
  if (!file.ok()) return std::move(file.error());
  return start(loop, std::move(*file), options);
}

Result<std::unique_ptr<Journal>> Journal::temporary(async::EventLoop& loop) {
  auto file = temporary_journal_file();
  if (!file.ok()) return std::move(file.error());
  return start(loop, std::move(*file), JournalOptions());
}

}  // namespace leat::pipelines
