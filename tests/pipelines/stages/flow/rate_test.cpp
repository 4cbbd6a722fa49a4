#include "pipelines/stages/flow/rate.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Pace: all records together go on at the rate") {
  const auto started = std::chrono::steady_clock::now();
  const Ran ran = run_spec("expand $O/[1-21] | rate 100/s | write json fields=id");
  CHECK(std::chrono::steady_clock::now() - started >= std::chrono::milliseconds(170));
  CHECK(ran.lines.size() == 21);
}

TEST_CASE("Pace: with key=, a key that is behind delays no other") {
  const Ran ran = run_spec(
      "urls $O/a?1 $O/a?2 $O/b?1 $O/c?1 | rate 4/s key=(.url | split(\"?\")[0]) | write json fields=id");
  REQUIRE(ran.lines.size() == 4);
  CHECK(ran.lines[3].number("id") == 2);
}

TEST_CASE("Pace: keys are values, so that 1 and 1.0 share a rate") {
  const tests::TempDir directory;
  tests::write_file(directory / "in", R"({"k":1} {"k":1.0} {"k":2})");
  const Ran ran =
      run_spec("json \"" + directory / "in" + "\" | rate 4/s key=(.meta.k) | write json fields=id");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.lines[2].number("id") == 2);
}

TEST_CASE("Pace: a record that has failed, or for which key= fails, does not wait") {
  const Ran ran =
      run_spec("urls $O/1 gopher://a.org/ $O/2 | rate 1/h key=(if .id == 3 then error(\"x\") else 1 end)");
  CHECK(ran.lines.size() == 3);
  CHECK(ran.count(Outcome::failed) == 2);
}
