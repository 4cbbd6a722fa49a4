#include "pipelines/state/sqlite/journal_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "engine/io/file_error.hpp"
#include "pipelines/state/sqlite/journal_header.hpp"
#include "pipelines/state/sqlite/output_table.hpp"

namespace leat::pipelines {

namespace {

constexpr std::int64_t kSmall = 16 << 20;  // bytes; a journal up to this size is checked as a whole, always
constexpr std::string_view kStartAnew = "remove it to start from the beginning, or name another --state file";

// roots: source records that are done. failures: what the failed ones failed of. counts: the sum of them, so
// that it need not be counted. lists: see RootTable. frontier: see FrontierTable. memory: see MemoryTable.
// passes: one row once all of the list is done, until somebody goes on with it. versions: see VersionTable.
// outputs: see OutputTable.
constexpr const char* kTables =
    "CREATE TABLE config(name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE roots(id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, outcome INTEGER NOT NULL);"
    "CREATE TABLE failures(id INTEGER PRIMARY KEY, code TEXT NOT NULL, host TEXT NOT NULL, url TEXT NOT NULL,"
    " message TEXT NOT NULL);"
    "CREATE TABLE counts(outcome INTEGER, code TEXT, host TEXT, n INTEGER NOT NULL,"
    " PRIMARY KEY(outcome, code, host)) WITHOUT ROWID;"
    "CREATE TABLE lists(base INTEGER PRIMARY KEY);"
    "CREATE TABLE frontier(seq INTEGER PRIMARY KEY, stage INTEGER NOT NULL, key INTEGER NOT NULL,"
    " depth INTEGER NOT NULL, parent INTEGER NOT NULL, record TEXT, done INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE memory(stage INTEGER, key INTEGER, value INTEGER NOT NULL, PRIMARY KEY(stage, key))"
    " WITHOUT ROWID;"
    "CREATE UNIQUE INDEX frontier_keys ON frontier(stage, key);";

// These tables came later; a journal without them is as good.
constexpr const char* kLaterTables =
    "CREATE TABLE IF NOT EXISTS passes(ended INTEGER PRIMARY KEY);"
    "CREATE TABLE IF NOT EXISTS versions(url INTEGER PRIMARY KEY, etag TEXT NOT NULL, size INTEGER NOT NULL,"
    " modified INTEGER NOT NULL);"
    "CREATE TABLE IF NOT EXISTS outputs(path TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;";
constexpr const char* kForgetPass =
    "DELETE FROM roots; DELETE FROM failures; DELETE FROM counts; DELETE FROM lists; DELETE FROM frontier;"
    "DELETE FROM memory;";

Status write_config(SqliteDb& db, const JournalFileOptions& options) {
  if (auto failed = db.execute("DELETE FROM config")) return failed;
  auto insert = db.prepare("INSERT INTO config VALUES(?, ?)");
  if (!insert.ok()) return std::move(insert.error());
  if (auto failed = insert->bind(1, "leat").bind(2, options.leat_version).run()) return failed;
  for (const auto& [name, value] : options.config) {
    if (auto failed = insert->bind(1, name).bind(2, value).run()) return failed;
  }
  return std::nullopt;
}

Status write_tables(SqliteDb& db, const JournalFileOptions& options) {
  const std::string marks = fmt::format("BEGIN; PRAGMA application_id={}; PRAGMA user_version={};",
                                        kJournalApplication, kJournalVersion);
  if (auto failed = db.execute(marks.c_str())) return failed;
  for (const char* sql : {kTables, kLaterTables, OutputTable::kNothingWritten}) {
    if (auto failed = db.execute(sql)) return failed;
  }
  if (auto failed = write_config(db, options)) return failed;
  return db.execute("COMMIT; PRAGMA journal_mode=WAL");
}

// Removes a file that has not come to its name.
class Unfinished {
 public:
  explicit Unfinished(std::string path) : path_(std::move(path)) {}
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;
  ~Unfinished() {
    for (const char* suffix : {"", "-journal", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
  }
  [[nodiscard]] const std::string& path() const noexcept { return path_; }

 private:
  std::string path_;
};

// Is held while a journal comes to its name: a process that does the same at this moment must not take the
// new one's log for a left-over. If the directory can't be locked, that can happen.
io::Fd lock_directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  io::Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) static_cast<void>(::flock(fd.get(), LOCK_EX));
  return fd;
}

// Removes the log of a journal that is gone, which would be taken for the new one's.
void remove_left_over(const std::string& path) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0) return;
  for (const char* suffix : {"-wal", "-shm"}) ::unlink((path + suffix).c_str());
}

// If somebody else makes it meanwhile, theirs is opened.
Status publish(const std::string& made, const std::string& path) {
  if (::link(made.c_str(), path.c_str()) == 0 || errno == EEXIST) return std::nullopt;
  // exFAT, 9p and others have no links.
  if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0 || errno == EEXIST) {
    return std::nullopt;
  }
  return io::file_failure(errno, "make the journal", path);
}

Status create(const JournalFileOptions& options) {
  std::string name = options.path + ".XXXXXX";
  const io::Fd fd(::mkostemp(name.data(), O_CLOEXEC));
  if (!fd) return io::file_failure(errno, "make the journal", options.path);
  const Unfinished made(name);
  {
    auto db = SqliteDb::open(made.path(), SqliteDb::Mode::read_write);
    if (!db.ok()) return std::move(db.error());
    if (auto failed = write_tables(*db, options)) return failed;
  }
  const io::Fd alone = lock_directory_of(options.path);
  remove_left_over(options.path);
  return publish(made.path(), options.path);
}

struct flock byte_zero(short type) {
  struct flock lock {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_len = 1;
  return lock;
}

Status take_lock(int descriptor, const std::string& path) {
  struct flock lock = byte_zero(F_WRLCK);
  if (::fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return std::nullopt;
  if (errno == EAGAIN || errno == EACCES) {
    return journal_refusal(path,
                           "another leat is using it; wait for its end, or name another --state file "
                           "(--status shows how far it is)");
  }
  return io::file_failure(errno, "lock the journal", path);
}

bool is_locked(int descriptor) {
  struct flock lock = byte_zero(F_RDLCK);
  return ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

std::int64_t size_of(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_size : 0;
}

// The log that a process left which was killed. It stands beside the file itself, not beside a symbolic
// link to it.
bool has_log(const std::string& path) {
  std::error_code failed;
  const auto file = std::filesystem::canonical(path, failed);
  return !failed && size_of(file.string() + "-wal") > 0;
}

// `how` has SQLite's words, whose last line says most.
Error damaged(const std::string& path, std::string_view how) {
  how.remove_prefix(how.rfind('\n') + 1);
  return journal_refusal(path, fmt::format("it is damaged ({}); {}", how, kStartAnew));
}

// If there is a write-ahead log, the file itself need not be complete: all that a checkpoint was writing
// when the process was killed is still in the log.
Status check_pages(SqliteDb& db, const JournalHeader& header, const std::string& path) {
  if (!header.complete && !has_log(path)) return damaged(path, "it is cut short");
  if (header.complete && size_of(path) > kSmall) return std::nullopt;
  auto words = db.text("PRAGMA quick_check(1)");
  if (!words.ok()) return damaged(path, words.error().message);
  if (*words != "ok") return damaged(path, *words);
  return std::nullopt;
}

Result<JournalConfig> read_config(SqliteDb& db, const std::string& path) {
  auto rows = db.prepare("SELECT name, value FROM config WHERE name != 'leat'");
  if (!rows.ok()) return damaged(path, rows.error().message);
  JournalConfig config;
  for (;;) {
    auto row = rows->step();
    if (!row.ok()) return damaged(path, row.error().message);
    if (!*row) return config;
    config.emplace_back(rows->text(0), rows->text(1));
  }
}

// Checks all that can be known without writing. The read-only connection is gone before another one writes.
Status check(int descriptor, const JournalFileOptions& options) {
  auto header = read_journal_header(descriptor, options.path);
  if (!header.ok()) return std::move(header.error());
  using Mode = SqliteDb::Mode;
  auto db = SqliteDb::open(options.path, has_log(options.path) ? Mode::read_only : Mode::untouched);
  if (!db.ok()) return std::move(db.error());
  if (auto refused = check_pages(*db, *header, options.path)) return refused;
  auto config = read_config(*db, options.path);
  if (!config.ok()) return std::move(config.error());
  const std::string differs = options.any_config ? "" : first_difference(*config, options.config);
  if (differs.empty()) return std::nullopt;
  return journal_refusal(
      options.path,
      fmt::format("it belongs to another run: {}; run the same command again, or {}", differs, kStartAnew));
}

/// Says whether what the last pass has done was forgotten.
Result<bool> begin_pass(SqliteDb& db, bool again) {
  auto ended = db.number("SELECT count(*) FROM passes");
  if (!ended.ok()) return std::move(ended.error());
  const bool forget = again && *ended != 0;
  if (forget) {
    for (const char* sql : {kForgetPass, OutputTable::kNothingWritten}) {
      if (auto failed = db.execute(sql)) return std::move(*failed);
    }
  }
  if (auto failed = db.execute("DELETE FROM passes")) return std::move(*failed);
  return forget;
}

// The log is moved into the database each 64 MB. Commits wait for that, and on a slow disk it takes a tenth
// of a second, however little there is to move.
Status prepare_to_write(JournalFile& file, const JournalFileOptions& options) {
  SqliteDb& db = file.db;
  const std::string pragmas = fmt::format(
      "PRAGMA synchronous={}; PRAGMA cache_size=-8192; "
      "PRAGMA wal_autocheckpoint=16000",
      options.durable ? "FULL" : "NORMAL");
  if (auto failed = db.execute(pragmas.c_str())) return failed;
  auto mode = db.text("PRAGMA journal_mode=WAL");
  if (!mode.ok()) return std::move(mode.error());
  if (*mode != "wal")
    return journal_refusal(options.path, "its file system has no shared memory; use another");
  if (auto failed = db.execute("BEGIN")) return failed;
  if (auto failed = write_config(db, options)) return failed;
  if (auto failed = db.execute(kLaterTables)) return failed;
  auto emptied = begin_pass(db, options.again);
  if (!emptied.ok()) return std::move(emptied.error());
  file.is_new = file.is_new || *emptied;
  return db.execute("COMMIT");
}

}  // namespace

Result<JournalFile> open_journal_file(const JournalFileOptions& options) {
  JournalFile file;
  if (::access(options.path.c_str(), F_OK) != 0) {
    if (errno != ENOENT) return io::file_failure(errno, "open the journal", options.path);
    if (auto failed = create(options)) return std::move(*failed);
    file.is_new = true;
  }
  file.lock = io::Fd(::open(options.path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK));
  if (!file.lock) return io::file_failure(errno, "open the journal", options.path);
  if (auto refused = take_lock(file.lock.get(), options.path)) return std::move(*refused);
  if (auto refused = check(file.lock.get(), options)) return std::move(*refused);
  auto db = SqliteDb::open(options.path, SqliteDb::Mode::read_write);
  if (!db.ok()) return std::move(db.error());
  file.db = std::move(*db);
  if (auto failed = prepare_to_write(file, options)) return std::move(*failed);
  return file;
}

Result<JournalFile> temporary_journal_file() {
  auto db = SqliteDb::temporary();
  if (!db.ok()) return std::move(db.error());
  for (const char* tables : {kTables, kLaterTables}) {
    if (auto failed = db->execute(tables)) return std::move(*failed);
  }
  JournalFile file;
  file.db = std::move(*db);
  return file;
}

Result<JournalView> view_journal_file(const std::string& path) {
  const io::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) return io::file_failure(errno, "open the journal", path);
  auto header = read_journal_header(fd.get(), path);
  if (!header.ok()) return std::move(header.error());
  auto db = SqliteDb::open(path, SqliteDb::Mode::read_only);
  if (!db.ok()) return std::move(db.error());
  JournalView view;
  view.db = std::move(*db);
  view.in_use = is_locked(fd.get());
  return view;
}

}  // namespace leat::pipelines
