#include <doctest/doctest.h>

#include <set>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

const std::string kNext = "next={ extract css=\"a[href]\" attr=href as=meta.links | each (.meta.links[]) }";

}  // namespace

TEST_CASE("Crawl: each page of a site whose links go in circles is fetched once, and the run ends") {
  const Ran ran = run_spec("urls $O/page/1?links=3 | crawl depth=4 " + kNext + " | where (true) | null");
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) > 4);
  CHECK(ran.count(Outcome::failed) == 0);
}

TEST_CASE("Crawl: a page that the block passes through becomes a child with an id of its own") {
  const Ran ran = run_spec("urls $O/ok/1 | crawl next={ set url=(\"$O/ok/2\") } | where (.id > 0)");
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::skipped) == 1);
}

TEST_CASE("Crawl: its on-error gets the requests that failed") {
  const Ran ran =
      run_spec("urls http://127.0.0.1:1/ | crawl retry=0 next={ each (empty) } on-error={ null }");
  CHECK(ran.lines.empty());
  CHECK(ran.count(Outcome::failed) == 1);
}

TEST_CASE("Crawl: a limit after it cancels what runs, and leaves no record unaccounted for") {
  const Ran ran = run_spec("urls $O/page/1?links=3 $O/hang/crawl | crawl " + kNext + " | limit 1 | null");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::cancelled) == 0);
}

TEST_CASE("Crawl: a program of its fetch that libjq evaluates runs for records that come back, too") {
  const Ran ran =
      run_spec("urls $O/echo/1 | crawl body=([2, 1] | sort | tojson) next={ each (\"$O/echo/2\") } | null");
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::failed) == 0);
}
