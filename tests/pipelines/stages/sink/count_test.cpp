#include "pipelines/stages/sink/count.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Count: all records count, also failed ones, and a count of none is printed") {
  CHECK(run_spec("urls $O/1 gopher://a.org/ | count").lines.at(0)["count"].GetInt() == 2);
  CHECK(run_spec("urls $O/1 | skip 1 | count").lines.at(0)["count"].GetInt() == 0);
}

TEST_CASE("Count: there is a row for each output of by=, the most frequent first, with keys as JSON") {
  const Ran ran = run_spec("expand $O/[1-5] | count by=(if .id > 3 then \"big\" else null end, .id == 1)");
  REQUIRE(ran.lines.size() == 4);
  CHECK(ran.lines[0]["count"].GetInt() == 4);
  CHECK(ran.lines[0]["key"].IsFalse());
  CHECK(ran.lines[1].is_null("key"));
  CHECK(ran.lines[1]["count"].GetInt() == 3);
  CHECK(ran.lines[2].text("key") == "big");
}

TEST_CASE("Count: a record for which its program gives nothing is counted in no row and is ok") {
  const Ran ran = run_spec("urls $O/1 $O/2 | count by=(select(.id == 1) | \"one\")");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.count(Outcome::ok) == 2);
}

TEST_CASE("Count: keys are values, so that 1 and 1.0 have one row, natively and by libjq") {
  const tests::TempDir directory;
  tests::write_file(
      directory / "in",
      R"({"k":1} {"k":1.0} {"k":"\u00e9"} {"k":"é"} {"k":{"a":1,"b":2}} {"k":{"b":2.0,"a":1}})");
  for (const std::string program : {".meta.k", "try .meta.k catch 0"}) {
    CAPTURE(program);
    const Ran ran = run_spec("json \"" + directory / "in" + "\" | count by=(" + program + ")");
    REQUIRE(ran.lines.size() == 3);
    for (const auto& line : ran.lines) CHECK(line["count"].GetInt() == 2);
  }
}

TEST_CASE("Count: to= names a file") {
  const tests::TempDir directory;
  CHECK(run_spec("urls $O/1 $O/2 | count to=\"" + directory / "n" + "\"").lines.empty());
  CHECK(tests::read_file(directory / "n") == "{\"count\":2}\n");
}
