#include <optional>

#include "pipelines/state/journal.hpp"
#include "pipelines/state/sqlite/sqlite_db.hpp"
#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

JournalOptions again(const std::string& path) {
  auto options = journal_options(path);
  options.file.again = true;
  return options;
}

/// Does the first of two lines, and says that the list was done completely, if so.
void first_pass(const std::string& path, bool whole) {
  OpenJournal journal(path);
  CHECK(journal->is_new());
  journal.end(1, "http://a.org/1");
  io::FileVersion version;
  version.etag = "\"v1\"";
  version.size = 7;
  version.modified = 1'700'000'000;
  journal->keep_version(text::hash64("http://a.org/1"), version);
  if (whole) journal->pass_ended();
  journal.commit();
}

}  // namespace

TEST_CASE("journal: a finished list is begun again by a run that wants it, and keeps its files' versions") {
  const tests::TempDir dir;
  first_pass(dir / "state", true);
  OpenJournal journal(again(dir / "state"));
  CHECK(journal->is_new());
  CHECK(!journal.lookup(1, "http://a.org/1").done);
  const auto version = journal.run(journal->version(text::hash64("http://a.org/1")));
  REQUIRE(version);
  CHECK(version->etag == "\"v1\"");
  CHECK(version->size == 7);
  CHECK(version->modified == 1'700'000'000);
  CHECK(!journal.run(journal->version(text::hash64("http://a.org/2"))));
  const auto status = read_journal_status(dir / "state", 10);
  REQUIRE(status.ok());
  CHECK(status.value().outcomes[0] == 0);
}

TEST_CASE("journal: a pass that was cut short is continued, also by a run that wants the list again") {
  const tests::TempDir dir;
  first_pass(dir / "state", false);
  OpenJournal journal(again(dir / "state"));
  CHECK(!journal->is_new());
  CHECK(journal.lookup(1, "http://a.org/1").done == Outcome::ok);
}

TEST_CASE("journal: a run that doesn't want the list again finds it done, and may add what is new in it") {
  const tests::TempDir dir;
  first_pass(dir / "state", true);
  {
    OpenJournal journal(dir / "state");
    CHECK(!journal->is_new());
    CHECK(journal.lookup(1, "http://a.org/1").done == Outcome::ok);
  }
  OpenJournal journal(again(dir / "state"));  // the run between them was not complete
  CHECK(journal.lookup(1, "http://a.org/1").done == Outcome::ok);
}

TEST_CASE("journal: a journal that is older than passes and versions is continued") {
  const tests::TempDir dir;
  first_pass(dir / "state", true);
  {
    auto db = SqliteDb::open(dir / "state", SqliteDb::Mode::read_write);
    REQUIRE(db.ok());
    REQUIRE(!db->execute("DROP TABLE passes; DROP TABLE versions"));
  }
  OpenJournal journal(again(dir / "state"));
  CHECK(journal.lookup(1, "http://a.org/1").done == Outcome::ok);
  CHECK(!journal.run(journal->version(text::hash64("http://a.org/1"))));
}
