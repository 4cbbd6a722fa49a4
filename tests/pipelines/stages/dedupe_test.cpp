#include "pipelines/stages/dedupe.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Dedupe: the first record of each key goes on, the others count as skipped") {
  const Ran ran = run_spec("urls $O/a $O/b $O/a $O/a | dedupe | write json fields=id");
  CHECK(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::skipped) == 2);
}

TEST_CASE("Dedupe: by= may give several outputs, the key is all of them; 1 and \"1\" differ") {
  CHECK(run_spec("urls $O/1 $O/2 $O/3 | dedupe by=(.id < 3, 1)").lines.size() == 2);
  CHECK(run_spec("urls $O/1 $O/2 | dedupe by=(if .id == 1 then 1 else \"1\" end)").lines.size() == 2);
}

TEST_CASE("Dedupe: a record that its program fails for has failed, and is no key") {
  const Ran ran = run_spec("urls $O/1 $O/1 $O/1 | dedupe by=(if .id == 2 then error(\"x\") else .url end)");
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == 1);
}
