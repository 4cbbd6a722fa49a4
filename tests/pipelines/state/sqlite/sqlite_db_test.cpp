#include "pipelines/state/sqlite/sqlite_db.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

SqliteDb temporary() {
  auto db = SqliteDb::temporary();
  REQUIRE(db.ok());
  return std::move(*db);
}

}  // namespace

TEST_CASE("SqliteDb: a missing file is an error that names it, and the file isn't created") {
  const tests::TempDir directory;
  for (const auto mode : {SqliteDb::Mode::read_only, SqliteDb::Mode::read_write, SqliteDb::Mode::untouched}) {
    const auto db = SqliteDb::open(directory / "none", mode);
    REQUIRE_FALSE(db.ok());
    CHECK(db.error().code == Errc::file_error);
    CHECK(db.error().message.find("none") != std::string::npos);
  }
  CHECK(directory.names().empty());
}

TEST_CASE("SqliteDb: an unchanged file is read whatever its name contains, and nothing appears beside it") {
  const tests::TempDir directory;
  const std::string path = directory / "a b%20?c=d#e";
  tests::write_file(path, "");
  {
    auto db = SqliteDb::open(path, SqliteDb::Mode::read_write);
    REQUIRE(db.ok());
    CHECK_FALSE(db->execute("CREATE TABLE t(n); INSERT INTO t VALUES(7); PRAGMA journal_mode=WAL"));
  }
  auto db = SqliteDb::open(path, SqliteDb::Mode::untouched);
  REQUIRE(db.ok());
  auto n = db->number("SELECT n FROM t");
  REQUIRE(n.ok());
  CHECK(n.value() == 7);
  CHECK(db->execute("INSERT INTO t VALUES(8)"));
  CHECK(directory.names().size() == 1);
}

TEST_CASE("SqliteStatement: bound values come back unchanged, with all 64 bits and all bytes") {
  SqliteDb db = temporary();
  REQUIRE_FALSE(db.execute("CREATE TABLE t(k, s)"));
  auto insert = db.prepare("INSERT INTO t VALUES(?, ?)");
  REQUIRE(insert.ok());
  const std::string text("a\0b\xc3\xa9", 5);
  constexpr auto kKey = std::numeric_limits<std::uint64_t>::max() - 1;
  CHECK_FALSE(insert->bind_key(1, kKey).bind(2, text).run());
  CHECK(db.changes() == 1);
  CHECK_FALSE(insert->bind(1, std::int64_t{-5}).bind(2, std::string_view()).run());
  auto rows = db.prepare("SELECT k, s, s IS NULL FROM t");
  REQUIRE(rows.ok());
  REQUIRE(rows->step().value());
  CHECK(rows->key(0) == kKey);
  CHECK(rows->text(1) == text);
  CHECK(rows->number(2) == 0);
  REQUIRE(rows->step().value());
  CHECK(rows->number(0) == -5);
  CHECK(rows->text(1).empty());
  CHECK(rows->number(2) == 0);
  CHECK_FALSE(rows->step().value());
}

TEST_CASE("SqliteStatement: a broken constraint is an error with SQLite's words, and the statement goes on") {
  SqliteDb db = temporary();
  REQUIRE_FALSE(db.execute("CREATE TABLE t(k INTEGER PRIMARY KEY)"));
  auto insert = db.prepare("INSERT INTO t VALUES(?)");
  REQUIRE(insert.ok());
  CHECK_FALSE(insert->bind(1, std::int64_t{1}).run());
  const Status again = insert->bind(1, std::int64_t{1}).run();
  REQUIRE(again);
  CHECK(again->message.find("UNIQUE constraint failed") != std::string::npos);
  CHECK_FALSE(insert->bind(1, std::int64_t{2}).run());
}

TEST_CASE(
    "SqliteDb: the value of a missing row is 0 or an empty text, and a statement that can't be read is an "
    "error") {
  SqliteDb db = temporary();
  CHECK(db.number("SELECT 1 WHERE 0").value() == 0);
  CHECK(db.text("SELECT 'a' WHERE 0").value().empty());
  CHECK_FALSE(db.prepare("SELEC 1").ok());
  CHECK(db.execute("SELEC 1"));
}
