#include "pipelines/state/sqlite/memory_table.hpp"

#include <doctest/doctest.h>

#include "pipelines/state/sqlite/journal_file.hpp"
#include "tests/pipelines/state/journal_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE(
    "MemoryTable: what a stage keeps is there when the table is opened again, by stage, with the first value "
    "of a key") {
  const tests::TempDir directory;
  const auto options = journal_options(directory / "state").file;
  const std::uint64_t large = UINT64_MAX - 1;
  {
    auto file = open_journal_file(options);
    REQUIRE(file.ok());
    auto table = MemoryTable::open(file->db);
    REQUIRE(table.ok());
    CHECK(table->take(1).empty());
    CHECK_FALSE(table->keep(1, large, 7));
    CHECK_FALSE(table->keep(1, large, 8));
    CHECK_FALSE(table->keep(2, 5, large));
    CHECK_FALSE(file->db.execute("INSERT INTO roots VALUES(7, 0, 0)"));
  }
  auto file = open_journal_file(options);
  REQUIRE(file.ok());
  auto table = MemoryTable::open(file->db);
  REQUIRE(table.ok());
  const auto first = table->take(1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].key == large);
  CHECK(first[0].value == 7);
  CHECK(first[0].is_done);
  const auto second = table->take(2);
  REQUIRE(second.size() == 1);
  CHECK(second[0].value == large);
  CHECK_FALSE(second[0].is_done);
}
