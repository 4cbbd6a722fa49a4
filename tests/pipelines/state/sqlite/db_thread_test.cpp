#include "pipelines/state/sqlite/db_thread.hpp"

#include <doctest/doctest.h>

#include <future>
#include <string>
#include <utility>

#include "tests/support/temp_dir.hpp"

using namespace leat;
using namespace leat::pipelines;
using namespace std::chrono_literals;

namespace {

// A database in a file, with one connection for the thread and one that sees from outside what is committed.
struct Fixture {
  Fixture() : db(open()), outside(open()) {
    REQUIRE_FALSE(db.execute("PRAGMA journal_mode=WAL"));
    REQUIRE_FALSE(db.execute("CREATE TABLE t(n)"));
  }
  SqliteDb open() const {
    if (!std::filesystem::exists(path)) tests::write_file(path, "");
    auto opened = SqliteDb::open(path, SqliteDb::Mode::read_write);
    REQUIRE(opened.ok());
    return std::move(*opened);
  }
  DbThread::Operation insert() {
    return [this](const Error* broken) {
      return broken != nullptr ? Status(*broken) : db.execute("INSERT INTO t VALUES(1)");
    };
  }
  std::int64_t committed() { return outside.number("SELECT count(*) FROM t").value(); }

  tests::TempDir directory;
  std::string path = directory / "db";
  SqliteDb db;
  SqliteDb outside;
};

DbThread::Options never_by_itself() {
  DbThread::Options options;
  options.batch = 1000;
  options.interval = 1h;
  return options;
}

Status wait_for_commit(DbThread& thread) {
  std::promise<Status> told;
  thread.submit_commit([&told](const Status& status) { told.set_value(status); });
  return told.get_future().get();
}

void wait_for_turn(DbThread& thread) {
  std::promise<void> turn;
  thread.submit_now([&turn](const Error*) {
    turn.set_value();
    return std::nullopt;
  });
  turn.get_future().get();
}

}  // namespace

TEST_CASE("DbThread: operations share a transaction, which is committed when a caller waits for it") {
  Fixture fixture;
  DbThread thread(fixture.db, never_by_itself());
  for (int i = 0; i < 10; ++i) thread.submit(fixture.insert());
  wait_for_turn(thread);
  CHECK(fixture.committed() == 0);
  CHECK_FALSE(wait_for_commit(thread));
  CHECK(fixture.committed() == 10);
}

TEST_CASE("DbThread: a full transaction is committed") {
  Fixture fixture;
  auto options = never_by_itself();
  options.batch = 4;
  DbThread thread(fixture.db, std::move(options));
  for (int i = 0; i < 10; ++i) thread.submit(fixture.insert());
  wait_for_turn(thread);
  CHECK(fixture.committed() == 8);
}

TEST_CASE("DbThread: a transaction that is old enough is committed even if nothing more comes") {
  Fixture fixture;
  std::promise<void> committing;
  auto options = never_by_itself();
  options.interval = 5ms;
  options.before_commit = [&committing, told = false]() mutable {
    if (!std::exchange(told, true)) committing.set_value();
    return Status();
  };
  DbThread thread(fixture.db, std::move(options));
  thread.submit(fixture.insert());
  CHECK(committing.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("DbThread: the end commits what was submitted") {
  Fixture fixture;
  {
    DbThread thread(fixture.db, never_by_itself());
    for (int i = 0; i < 10; ++i) thread.submit(fixture.insert());
  }
  CHECK(fixture.committed() == 10);
}

TEST_CASE(
    "DbThread: an error rolls back what was not committed, and is reported once and to all later callers") {
  Fixture fixture;
  int told = 0;
  auto options = never_by_itself();
  options.on_failure = [&told](const Error& error) {
    ++told;
    CHECK(error.message == "no room");
  };
  DbThread thread(fixture.db, std::move(options));
  thread.submit(fixture.insert());
  CHECK_FALSE(wait_for_commit(thread));
  thread.submit(fixture.insert());
  thread.submit([](const Error*) { return Status(Error(Errc::disk_full, "no room")); });
  thread.submit(fixture.insert());
  const Status status = wait_for_commit(thread);
  REQUIRE(status);
  CHECK(status->code == Errc::disk_full);
  CHECK(told == 1);
  CHECK(fixture.committed() == 1);
  CHECK(thread.backlog() <= 1);  // the commit that was just reported may not be counted yet
}
