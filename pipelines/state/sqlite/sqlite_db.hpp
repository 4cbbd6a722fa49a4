#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace leat::pipelines {

/// One prepared statement. Parameters count from 1, columns from 0, as in SQLite.
///
/// Text is copied when it is bound. What `text` gives lives until the next step or reset. The statement is
/// destroyed before its database, and used by the thread that uses the database.
class SqliteStatement {
 public:
  SqliteStatement() noexcept = default;

  SqliteStatement& bind(int parameter, std::int64_t number) noexcept;
  SqliteStatement& bind(int parameter, std::string_view text) noexcept;
  /// Binds the same 64 bits as a signed integer, which is what SQLite has. `key` gives them back.
  SqliteStatement& bind_key(int parameter, std::uint64_t key) noexcept;

  /// Goes to the next row. False after the last one; the statement can then be bound and run again.
  Result<bool> step();
  /// Runs a statement that gives no rows to its end.
  Status run();
  void reset() noexcept;

  [[nodiscard]] std::int64_t number(int column) const noexcept;
  [[nodiscard]] std::uint64_t key(int column) const noexcept;
  [[nodiscard]] std::string_view text(int column) const noexcept;

 private:
  friend class SqliteDb;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// An open SQLite database. It is closed when this is destroyed.
///
/// One thread at a time, since it has no lock of its own. Errors are disk_full if there is no room, and
/// file_error for all others (locked, damaged, input or output error), with the file's name and SQLite's
/// words.
class SqliteDb {
 public:
  enum class Mode : std::uint8_t {
    read_only,
    read_write,
    untouched,  // read only, and no file is made beside it; nobody may write to it meanwhile
  };

  /// Opens a file that exists. Nothing is read before the first statement.
  static Result<SqliteDb> open(const std::string& path, Mode mode);
  /// A private database in a temporary file without a name, which is gone when it is closed. For data that
  /// memory must not hold.
  static Result<SqliteDb> temporary();

  /// Runs one or several statements that give no rows.
  Status execute(const char* sql);
  Result<SqliteStatement> prepare(std::string_view sql);
  /// The first column of the first row, 0 if there is none.
  Result<std::int64_t> number(std::string_view sql);
  /// The first column of the first row, empty if there is none.
  Result<std::string> text(std::string_view sql);
  /// How many rows the last statement inserted, changed or deleted.
  [[nodiscard]] std::int64_t changes() const noexcept;

 private:
  struct Close {
    void operator()(sqlite3* db) const noexcept;
  };
  std::unique_ptr<sqlite3, Close> db_;
};

/// A statement and the text that it is prepared from.
struct SqlOf {
  SqliteStatement& statement;
  const char* sql;
};

/// Prepares them all, up to the first that fails.
template <std::size_t N>
Status prepare_all(SqliteDb& db, std::array<SqlOf, N> all) {
  for (auto& [statement, sql] : all) {
    auto prepared = db.prepare(sql);
    if (!prepared.ok()) return std::move(prepared.error());
    statement = std::move(*prepared);
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
