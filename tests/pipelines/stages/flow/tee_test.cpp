#include "pipelines/stages/flow/tee.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE(
    "Tee: the block gets a copy of each record, which is not counted, and the record goes on unchanged") {
  const tests::TempDir directory;
  const Ran ran = run_spec("urls $O/1 $O/2 | tee { set meta.x=(1) | write json fields=meta,id to=\"" +
                           directory / "t" + "\" } | write json fields=id,meta");
  CHECK(ran.stats.records_in == 2);
  CHECK(ran.of_id(1).is_null("meta"));
  const auto copies = tests::json_lines(tests::read_file(directory / "t"));
  REQUIRE(copies.size() == 2);
  CHECK(copies[0]["meta"]["x"].GetInt() == 1);
}

TEST_CASE("Tee: when a block has enough, the records go on without it") {
  const tests::TempDir directory;
  const Ran ran =
      run_spec("expand $O/[1-500] | tee { limit 1 | write json to=\"" + directory / "t" + "\" } | count");
  CHECK(ran.lines.at(0)["count"].GetInt() == 500);
  CHECK(tests::lines_of(tests::read_file(directory / "t")).size() == 1);
}

TEST_CASE("Tee: when nobody wants the records any more, the block ends with what it has") {
  const Ran ran = run_spec("expand $O/ok/[1-100000000] | tee { fetch | null } | limit 3 | null");
  CHECK(ran.count(Outcome::ok) == 3);
}

TEST_CASE("Tee: a failed record has a copy as well, and that has failed, too") {
  const Ran ran = run_spec("urls gopher://a.org/ | tee { write json fields=error } | null");
  CHECK(ran.lines.at(0).error_code() == "unsupported_scheme");
}
