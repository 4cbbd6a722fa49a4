#include "pipelines/state/sqlite/output_table.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "pipelines/state/sqlite/journal_file.hpp"
#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::tests::TempDir;

TEST_CASE(
    "OutputTable: how far a file holds the lines of what has ended is known after a kill, and then only") {
  const TempDir dir;
  {
    OpenJournal journal(dir / "state");
    CHECK_FALSE(journal->take_output_ends().has_value());
    journal->wrote("/a", 10);
    journal->wrote("/b", 7);
    journal->wrote("/a", 8);  // of another stage
    journal.end(1, "one");
    journal->wrote("/a", 20);  // of work that has not ended
    journal.commit();
  }
  {
    OpenJournal journal(dir / "state");
    CHECK(journal->take_output_ends() == OutputEnds{{"/a", 10}, {"/b", 7}});
    journal->wrote("/a", 30);
    journal.run(journal->add(1, {FrontierItem(5, "{}")}));
    journal->finished(1, 5);
    journal.commit();
  }
  {
    OpenJournal journal(dir / "state");
    CHECK(journal->take_output_ends() == OutputEnds{{"/a", 30}, {"/b", 7}});
    journal->outputs_ended();
    journal.commit();
  }
  OpenJournal journal(dir / "state");
  CHECK_FALSE(journal->take_output_ends().has_value());
}

TEST_CASE("OutputTable: it is known of a run that was killed as soon as it had made its journal") {
  const TempDir dir;
  REQUIRE(open_journal_file(journal_options(dir / "state").file).ok());
  for (const OutputEnds& ends : {OutputEnds(), OutputEnds{{"/a", 10}}}) {
    OpenJournal journal(dir / "state");
    CHECK(journal->take_output_ends() == ends);
    journal->wrote("/a", 10);
    journal.end(1, "one");
    journal.commit();
  }
}

TEST_CASE("OutputTable: what the last pass wrote is forgotten as soon as another pass is begun") {
  const TempDir dir;
  {
    OpenJournal journal(dir / "state");
    journal->wrote("/a", 10);
    journal.end(1, "one");
    journal->outputs_ended();
    journal->pass_ended();
    journal.commit();
  }
  auto again = journal_options(dir / "state");
  again.file.again = true;
  REQUIRE(open_journal_file(again.file).ok());
  OpenJournal journal(again);
  CHECK(journal->take_output_ends() == OutputEnds());
}

TEST_CASE("OutputTable: a journal that did not know of files from its start never says what is in them") {
  const TempDir dir;
  {
    OpenJournal journal(dir / "state");
    journal.end(1, "one");
    journal.commit();
  }
  {
    auto db = SqliteDb::open(dir / "state", SqliteDb::Mode::read_write);
    REQUIRE(db.ok());
    REQUIRE_FALSE(db->execute("DROP TABLE outputs"));
  }
  for (int run = 0; run < 2; ++run) {
    OpenJournal journal(dir / "state");
    CHECK_FALSE(journal->take_output_ends().has_value());
    journal->wrote("/a", 10);
    journal.end(2, "two");
    journal.commit();
  }
}
