#include "pipelines/stages/ask.hpp"

#include <doctest/doctest.h>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Ask: records keep their order, whatever libjq is asked") {
  const auto ran = run_spec("expand $O/ok/[1-200] | set meta.n=(.id * 2) | write json");
  REQUIRE(ran.lines.size() == 200);
  for (std::size_t i = 0; i < ran.lines.size(); ++i) {
    CHECK(ran.lines[i].number("id") == static_cast<double>(i + 1));
  }
}
