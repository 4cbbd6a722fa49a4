#include "pipelines/state/sqlite/sqlite_db.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <bit>

namespace leat::pipelines {

namespace {

constexpr int kBusyMilliseconds = 5000;  // another process may be taking its lock, or reading the status

std::string_view name_of(sqlite3* db) noexcept {
  const char* name = sqlite3_db_filename(db, "main");
  return name == nullptr || *name == '\0' ? std::string_view("temporary database") : std::string_view(name);
}

Error failure(sqlite3* db, int code, std::string_view name) {
  const Errc errc = (code & 0xff) == SQLITE_FULL ? Errc::disk_full : Errc::file_error;
  const char* words = db == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(db);
  Error error(errc, fmt::format("journal '{}': {}", name, words));
  if (db != nullptr) error.os_errno = sqlite3_system_errno(db);
  return error;
}

Error failure(sqlite3* db, int code) { return failure(db, code, name_of(db)); }

// As a URI, the only way to say that it is immutable.
std::string untouched_uri(std::string_view path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02x}", c);
    } else {
      uri += c;
    }
  }
  return uri + "?immutable=1";
}

Error failure(sqlite3_stmt* statement, int code) { return failure(sqlite3_db_handle(statement), code); }

}  // namespace

void SqliteStatement::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

SqliteStatement& SqliteStatement::bind(int parameter, std::int64_t number) noexcept {
  sqlite3_bind_int64(statement_.get(), parameter, number);
  return *this;
}

SqliteStatement& SqliteStatement::bind(int parameter, std::string_view text) noexcept {
  sqlite3_bind_text64(statement_.get(), parameter, text.data() == nullptr ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
  return *this;
}

SqliteStatement& SqliteStatement::bind_key(int parameter, std::uint64_t key) noexcept {
  return bind(parameter, std::bit_cast<std::int64_t>(key));
}

Result<bool> SqliteStatement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    reset();
    return false;
  }
  Error error = failure(statement_.get(), code);
  reset();
  return error;
}

Status SqliteStatement::run() {
  auto row = step();
  if (!row.ok()) return std::move(row.error());
  reset();
  return std::nullopt;
}

void SqliteStatement::reset() noexcept { sqlite3_reset(statement_.get()); }

std::int64_t SqliteStatement::number(int column) const noexcept {
  return sqlite3_column_int64(statement_.get(), column);
}

std::uint64_t SqliteStatement::key(int column) const noexcept {
  return std::bit_cast<std::uint64_t>(number(column));
}

std::string_view SqliteStatement::text(int column) const noexcept {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (text == nullptr) return {};
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

// Closing would move the log into the database, which syncs the disk twice; with a large log this takes a
// tenth of a second at the end of each run. So the log stays where it is, and the next run starts with it,
// as after a kill.
void SqliteDb::Close::operator()(sqlite3* db) const noexcept {
  constexpr off_t kLarge = 4 << 20;
  const char* name = sqlite3_db_filename(db, "main");
  struct stat log {};
  const bool is_large = name != nullptr && *name != '\0' && ::stat(sqlite3_filename_wal(name), &log) == 0 &&
                        log.st_size > kLarge;
  if (is_large) sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_close(db);
}

Result<SqliteDb> SqliteDb::open(const std::string& path, Mode mode) {
  int flags = SQLITE_OPEN_NOMUTEX;
  flags |= mode == Mode::read_write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  if (mode == Mode::untouched) flags |= SQLITE_OPEN_URI;
  const std::string name = mode == Mode::untouched ? untouched_uri(path) : path;
  sqlite3* opened = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &opened, flags, nullptr);
  SqliteDb db;
  db.db_.reset(opened);
  if (code != SQLITE_OK) return failure(opened, code, path);
  sqlite3_busy_timeout(opened, kBusyMilliseconds);
  sqlite3_extended_result_codes(opened, 1);
  return db;
}

Result<SqliteDb> SqliteDb::temporary() {
  auto db = open("", Mode::read_write);
  if (!db.ok()) return db;
  if (auto failed = db->execute("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")) return std::move(*failed);
  return db;
}

Status SqliteDb::execute(const char* sql) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(db_.get(), code);
  return std::nullopt;
}

Result<SqliteStatement> SqliteDb::prepare(std::string_view sql) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
  if (code != SQLITE_OK) return failure(db_.get(), code);
  SqliteStatement statement;
  statement.statement_.reset(prepared);
  return statement;
}

Result<std::int64_t> SqliteDb::number(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.ok()) return std::move(statement.error());
  auto row = statement->step();
  if (!row.ok()) return std::move(row.error());
  return *row ? statement->number(0) : 0;
}

Result<std::string> SqliteDb::text(std::string_view sql) {
  auto statement = prepare(sql);
  if (!statement.ok()) return std::move(statement.error());
  auto row = statement->step();
  if (!row.ok()) return std::move(row.error());
  return *row ? std::string(statement->text(0)) : std::string();
}

std::int64_t SqliteDb::changes() const noexcept { return sqlite3_changes64(db_.get()); }

}  // namespace leat::pipelines
