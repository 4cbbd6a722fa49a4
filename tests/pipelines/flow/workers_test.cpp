#include "pipelines/flow/workers.hpp"

#include <doctest/doctest.h>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Workers: a record that takes longer than timeout= fails in its stage and goes on to the end") {
  const auto ran = run_spec("urls $O/size/8M/x $O/ok/1 | fetch | hash sha512 timeout=1us | write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 1);
  for (const auto& line : ran.lines) {
    if (line.text("outcome") != "failed") continue;
    CHECK(std::string(line["error"]["code"].GetString()) == "timeout");
    CHECK(std::string(line["error"]["stage"].GetString()) == "hash");
  }
}

TEST_CASE("Workers: up to n records are worked on at once, and all come out") {
  const auto ran =
      run_spec("expand $O/size/300K/[1-40] | fetch n=8 | hash n=4 | write json fields=meta.sha256");
  REQUIRE(ran.lines.size() == 40);
  CHECK(ran.count(Outcome::ok) == 40);
}
