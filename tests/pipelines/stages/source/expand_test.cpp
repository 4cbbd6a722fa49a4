#include "pipelines/stages/source/expand.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Expand: it makes one record for every URL that the patterns stand for, in order") {
  const Ran ran = run_spec("expand http://a.org/{x,y}/[01-03] http://b.org/[a-c:2] | write json fields=url");
  REQUIRE(ran.lines.size() == 8);
  CHECK(ran.lines[0].text("url") == "http://a.org/x/01");
  CHECK(ran.lines[5].text("url") == "http://a.org/y/03");
  CHECK(ran.lines[7].text("url") == "http://b.org/c");
}
