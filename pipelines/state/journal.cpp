#include "pipelines/state/journal.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "engine/async/future.hpp"
#include "pipelines/state/sqlite/db_thread.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kBacklog = 4096;  // operations that may wait
constexpr std::uint64_t kBlock = 4096;  // rows of roots that are read at once

}  // namespace

struct Journal::Impl {
  using FilePtr = std::unique_ptr<JournalFile>;  // the tables hold on to its database

  Impl(async::EventLoop& l, FilePtr f, RootTable r, FrontierTable t, MemoryTable m, VersionTable v,
       const JournalOptions& options)
      : loop(l),
        file(std::move(f)),
        roots(std::move(r)),
        frontier(std::move(t)),
        memory(std::move(m)),
        versions(std::move(v)),
        known(roots.last_id()),
        thread(file->db, thread_options(options)) {}
  ~Impl() { link->owner = nullptr; }

  /// Leads what the thread posts to its owner, as long as that lives. Only the loop's thread looks.
  struct Link {
    Impl* owner;
  };

  DbThread::Options thread_options(const JournalOptions& options);
  template <class T>
  async::Task<Result<T>> call(std::function<Result<T>()> work);
  async::Task<Status> load_block(std::uint64_t first);
  async::Task<Status> start_over_by_content(std::uint64_t position);
  [[nodiscard]] const RootTable::Row* row_of(std::uint64_t id) const;

  async::EventLoop& loop;
  const std::shared_ptr<Link> link = std::make_shared<Link>(Link{this});
  const FilePtr file;
  RootTable roots;         // the thread's, once that runs
  FrontierTable frontier;  // the same
  MemoryTable memory;      // the same, but for what it read
  VersionTable versions;   // the thread's

  const std::uint64_t known;  // no record of the runs before has a higher id
  std::vector<RootTable::Row> block;
  std::uint64_t block_end = 0;  // the first id that is not in it
  bool changed = false;         // the list was edited

  std::uint64_t ends = 0;                   // reported
  std::uint64_t ends_done = 0;              // the thread's: those that were run
  std::atomic<std::uint64_t> ends_kept{0};  // and committed

  Status failure;
  async::Event failed;

  DbThread thread;  // last: it uses the tables
};

DbThread::Options Journal::Impl::thread_options(const JournalOptions& options) {
  DbThread::Options thread_options;
  thread_options.batch = std::max<std::size_t>(options.batch, 1);
  thread_options.interval = options.interval;
  thread_options.before_commit = [this] { return roots.write_counts(); };
  thread_options.after_commit = [this] { ends_kept.store(ends_done, std::memory_order_relaxed); };
  thread_options.on_failure = [&l = loop, to = link](const Error& error) {
    l.post([to, error] {
      if (to->owner == nullptr) return;
      to->owner->failure = error;
      to->owner->failed.set();
    });
  };
  return thread_options;
}

// The answer outlives a caller that is cancelled, and this.
template <class T>
async::Task<Result<T>> Journal::Impl::call(std::function<Result<T>()> work) {
  auto answer = std::make_shared<async::Future<Result<T>>>();
  thread.submit_now([&l = loop, answer, work = std::move(work)](const Error* broken) {
    auto result = std::make_shared<Result<T>>(broken != nullptr ? Result<T>(*broken) : work());
    Status broke;
    if (!result->ok()) broke = result->error();
    l.post([answer, result] { answer->set(std::move(*result)); });
    return broke;
  });
  auto get = answer->get();
  co_return std::move(co_await get);
}

async::Task<Status> Journal::Impl::load_block(std::uint64_t first) {
  auto loading = call<std::vector<RootTable::Row>>([this, first] { return roots.rows(first, kBlock); });
  auto rows = co_await std::move(loading);
  if (!rows.ok()) co_return std::move(rows.error());
  block = std::move(*rows);
  block_end = first + kBlock;
  co_return std::nullopt;
}

async::Task<Status> Journal::Impl::start_over_by_content(std::uint64_t position) {
  changed = true;
  block = {};
  auto starting = call<bool>([this, position]() -> Result<bool> {
    if (auto failed_to = roots.start_over_by_content(position)) return std::move(*failed_to);
    return true;
  });
  auto started = co_await std::move(starting);
  if (!started.ok()) co_return std::move(started.error());
  co_return std::nullopt;
}

const RootTable::Row* Journal::Impl::row_of(std::uint64_t id) const {
  const auto at =
      std::lower_bound(block.begin(), block.end(), id,
                       [](const RootTable::Row& row, std::uint64_t wanted) { return row.id < wanted; });
  return at == block.end() || at->id != id ? nullptr : &*at;
}

Journal::Journal(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Journal::~Journal() = default;

Result<std::unique_ptr<Journal>> Journal::open(async::EventLoop& loop, JournalOptions options) {
  auto file = open_journal_file(options.file);
  if (!file.ok()) return std::move(file.error());
  return start(loop, std::move(*file), options);
}

Result<std::unique_ptr<Journal>> Journal::temporary(async::EventLoop& loop) {
  auto file = temporary_journal_file();
  if (!file.ok()) return std::move(file.error());
  return start(loop, std::move(*file), JournalOptions());
}

Result<std::unique_ptr<Journal>> Journal::start(async::EventLoop& loop, JournalFile file,
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
  auto impl = std::make_unique<Impl>(loop, std::move(kept), std::move(*roots), std::move(*frontier),
                                     std::move(*memory), std::move(*versions), options);
  return std::unique_ptr<Journal>(new Journal(std::move(impl)));
}

async::Task<Result<Root>> Journal::lookup(std::uint64_t position, std::uint64_t hash) {
  Impl& journal = *impl_;
  if (!journal.changed) {
    if (position > journal.known) co_return Root(position, std::nullopt);
    if (position >= journal.block_end) {
      auto loading = journal.load_block(position);
      if (auto failed = co_await std::move(loading)) co_return std::move(*failed);
    }
    const RootTable::Row* row = journal.row_of(position);
    if (row == nullptr) co_return Root(position, std::nullopt);
    if (row->hash == hash) co_return Root(position, row->outcome);
    auto starting = journal.start_over_by_content(position);
    if (auto failed = co_await std::move(starting)) co_return std::move(*failed);
  }
  auto finding = journal.call<Root>(
      [&roots = journal.roots, position, hash] { return roots.find_by_content(position, hash); });
  co_return co_await std::move(finding);
}

bool Journal::list_changed() const noexcept { return impl_->changed; }

void Journal::ended(RootEnd end) {
  ++impl_->ends;
  impl_->thread.submit([impl = impl_.get(), end = std::move(end)](const Error* broken) {
    ++impl->ends_done;
    return broken != nullptr ? std::nullopt : impl->roots.end(end);
  });
}

std::vector<Remembered> Journal::take_memory(int stage) { return impl_->memory.take(stage); }

void Journal::remember(int stage, std::uint64_t key, std::uint64_t value) {
  impl_->thread.submit([&memory = impl_->memory, stage, key, value](const Error* broken) {
    return broken != nullptr ? std::nullopt : memory.keep(stage, key, value);
  });
}

async::Task<Result<std::vector<std::uint64_t>>> Journal::keep_first(int stage, std::vector<FirstOf> keys) {
  return impl_->call<std::vector<std::uint64_t>>(
      [&table = impl_->memory, stage, keys = std::move(keys)] { return table.keep_first(stage, keys); });
}

void Journal::keep_version(std::uint64_t url, io::FileVersion version) {
  impl_->thread.submit([&table = impl_->versions, url, version = std::move(version)](const Error* broken) {
    return broken != nullptr ? std::nullopt : table.keep(url, version);
  });
}

async::Task<Result<std::optional<io::FileVersion>>> Journal::version(std::uint64_t url) {
  return impl_->call<std::optional<io::FileVersion>>(
      [&table = impl_->versions, url] { return table.find(url); });
}

bool Journal::is_new() const noexcept { return impl_->file->is_new; }

void Journal::pass_ended() {
  impl_->thread.submit([&db = impl_->file->db](const Error* broken) {
    return broken != nullptr ? std::nullopt : db.execute("INSERT OR IGNORE INTO passes VALUES(1)");
  });
}

async::Task<Result<std::size_t>> Journal::add(int stage, std::vector<FrontierItem> items) {
  return impl_->call<std::size_t>(
      [&table = impl_->frontier, stage, items = std::move(items)] { return table.add(stage, items); });
}

async::Task<Result<std::vector<FrontierItem>>> Journal::take(int stage, std::size_t most) {
  return impl_->call<std::vector<FrontierItem>>(
      [&table = impl_->frontier, stage, most] { return table.take(stage, most); });
}

async::Task<Result<std::size_t>> Journal::finish(int stage, std::uint64_t key,
                                                 std::vector<FrontierItem> children) {
  return impl_->call<std::size_t>([&table = impl_->frontier, stage, key, children = std::move(children)] {
    return table.finish(stage, key, children);
  });
}

void Journal::finished(int stage, std::uint64_t key) {
  ++impl_->ends;
  impl_->thread.submit([impl = impl_.get(), stage, key](const Error* broken) -> Status {
    ++impl->ends_done;
    if (broken != nullptr) return std::nullopt;
    auto done = impl->frontier.finish(stage, key, {});
    if (!done.ok()) return std::move(done.error());
    return std::nullopt;
  });
}

async::Task<Result<bool>> Journal::exists(int stage, std::uint64_t key) {
  return impl_->call<bool>([&table = impl_->frontier, stage, key] { return table.exists(stage, key); });
}

async::Task<Result<FrontierCount>> Journal::count(int stage) {
  return impl_->call<FrontierCount>(
      [&table = impl_->frontier, stage]() -> Result<FrontierCount> { return table.count(stage); });
}

std::size_t Journal::unacknowledged() const noexcept {
  return impl_->ends - impl_->ends_kept.load(std::memory_order_relaxed);
}

bool Journal::has_room() const noexcept { return impl_->thread.backlog() < kBacklog; }

// Once its own turn has come, all that was before it is gone.
async::Task<void> Journal::wait_for_room() {
  while (!has_room()) {
    auto turn = impl_->call<bool>([]() -> Result<bool> { return true; });
    const auto come = co_await std::move(turn);
    if (!come.ok()) co_return;  // from now on nothing takes time
  }
}

async::Task<Status> Journal::commit() {
  auto answer = std::make_shared<async::Future<Status>>();
  impl_->thread.submit_commit([&l = impl_->loop, answer](const Status& status) {
    l.post([answer, status] { answer->set(status); });
  });
  auto get = answer->get();
  co_return co_await get;
}

const Status& Journal::failure() const noexcept { return impl_->failure; }
async::Event& Journal::failed() noexcept { return impl_->failed; }

}  // namespace leat::pipelines
