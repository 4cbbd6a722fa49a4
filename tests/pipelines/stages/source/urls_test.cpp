#include "pipelines/stages/source/urls.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Urls: each URL is a record, and a bad one fails alone") {
  const Ran ran = run_spec(
      "urls http://a.org/?a=1 gopher://a.org/ \"http://b.org/a b\" | write json fields=url,id,outcome");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.of_id(1).text("url") == "http://a.org/?a=1");
  CHECK(ran.of_id(2).text("outcome") == "failed");
}
