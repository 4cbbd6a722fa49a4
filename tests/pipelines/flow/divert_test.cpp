#include "pipelines/flow/divert.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Divert: an error is data in the block, and the record's outcome stays failed") {
  const Ran ran = run_spec(
      "urls http://127.0.0.1:1/ $O/ok/1 | fetch retry=0 on-error={ where (.error.code == "
      "\"connect_refused\") | "
      "set meta.c=(.error.code) | write json fields=id,meta,outcome } | null");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.of_id(1).text("outcome") == "failed");
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.count(Outcome::ok) == 1);
}

TEST_CASE("Divert: a stage's block gets only that stage's failures; earlier failures go around it") {
  const Ran ran = run_spec(
      "urls gopher://a.org/ http://127.0.0.1:1/ $O/ok/1 | fetch retry=0 on-error={ write json fields=id } "
      "| exec false on-error={ write json fields=id,error } | write json fields=id,outcome,url");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.of_id(1).has("url"));
  CHECK_FALSE(ran.of_id(2).has("url"));
  CHECK(ran.of_id(3).error_code() == "exec_failed");
}

TEST_CASE("Divert: a block may fetch what failed again, elsewhere") {
  const Ran ran = run_spec(
      "urls http://127.0.0.1:1/x | fetch retry=0 on-error={ set url=\"$O/ok/again\" | fetch | write json } | "
      "null");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.of_id(1).number("status") == 200);
  CHECK(ran.count(Outcome::ok) == 1);
}

TEST_CASE("Divert: a source's block gets the lines that are no records") {
  const Ran ran = run_spec("urls gopher://a.org/ $O/1 on-error={ write json fields=id,error } | null");
  REQUIRE(ran.lines.size() == 1);
  CHECK(ran.of_id(1).error_code() == "unsupported_scheme");
}

TEST_CASE("Divert: a block that ends by a limit takes no more failures, and the other records go on") {
  std::string urls;
  for (int i = 0; i < 200; ++i) urls += " $O/ok/1 $O/status/500";
  const Ran ran = run_spec("urls" + urls +
                           " | fetch n=2 retry=0 fail=5xx on-error={ limit 3 | write json fields=error } | "
                           "write json fields=url");
  CHECK(ran.lines.size() == 203);
  CHECK(ran.count(Outcome::ok) == 200);
  CHECK(ran.count(Outcome::failed) == 3);
  CHECK(ran.count(Outcome::skipped) == 197);
}
