#include "pipelines/stages/flow/delay.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Delay: each record goes on that long after it came, in order, and records wait at the same time") {
  const auto started = std::chrono::steady_clock::now();
  const Ran ran = run_spec("expand $O/[1-200] | delay 100ms | write json fields=id");
  const auto took = std::chrono::steady_clock::now() - started;
  CHECK(took >= std::chrono::milliseconds(100));
  CHECK(took < std::chrono::seconds(10));
  REQUIRE(ran.lines.size() == 200);
  for (int i = 0; i < 200; ++i) CHECK(ran.lines[static_cast<std::size_t>(i)].number("id") == i + 1);
}

TEST_CASE("Delay: a failed record is not delayed beyond those before it") {
  const Ran ran = run_spec("urls gopher://a.org/ | delay 1h | write json fields=id");
  CHECK(ran.count(Outcome::failed) == 1);
}
