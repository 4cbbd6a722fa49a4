#include <doctest/doctest.h>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Limit: it has ended even where a filter of the same task drops its last record") {
  const Ran ran = run_spec("expand $O/ok/[1-1000000] | limit 2 | where (.id == 1) | null");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == ran.stats.records_in - 1);
}

TEST_CASE("Limit: a source without end stops, whatever stands between") {
  for (const char* stage : {"fetch", "exec echo a", "hash n=3", "delay 1ms", "rate 1000/s", "ordered",
                            "dedupe", "batch n=2", "fetch | ordered", "tee { null }"}) {
    CAPTURE(stage);
    const Ran ran = run_spec(std::string("expand $O/ok/[1-100000000] | ") + stage + " | limit 1 | null");
    CHECK_FALSE(ran.status);
    CHECK(ran.count(Outcome::cancelled) == 0);
    CHECK(ran.stats.records_in < 5000);
  }
}
