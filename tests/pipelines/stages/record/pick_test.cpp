#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Limit: it ends even if a filter in the same task drops its last record") {
  const Ran ran = run_spec("expand $O/ok/[1-1000000] | limit 2 | where (.id == 1) | null");
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == ran.stats.records_in - 1);
}

TEST_CASE("Limit: an endless source stops, whatever stages stand between") {
  for (const char* stage : {"fetch", "exec echo a", "hash n=3", "delay 1ms", "rate 1000/s", "ordered",
                            "dedupe", "batch n=2", "fetch | ordered", "tee { null }"}) {
    CAPTURE(stage);
    const Ran ran = run_spec(std::string("expand $O/ok/[1-100000000] | ") + stage + " | limit 1 | null");
    CHECK_FALSE(ran.status);
    CHECK(ran.count(Outcome::cancelled) == 0);
    CHECK(ran.stats.records_in < 5000);
  }
}

TEST_CASE("Limit: failed records go past it and do not count") {
  const Ran ran = run_spec(
      "urls gopher://a.org/ $O/ok/1 gopher://b.org/ $O/ok/2 $O/ok/3 $O/ok/4 | limit 2 | write json "
      "fields=id,outcome");
  REQUIRE(ran.lines.size() == 4);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(ran.of_id(4).text("outcome") == "ok");
}

TEST_CASE("Limit: what runs before it is cancelled at once, and records that nobody wants count as skipped") {
  const auto started = std::chrono::steady_clock::now();
  const Ran ran = run_spec(
      "urls $O/ok/1 $O/delay/60000/2 $O/delay/60000/3 $O/delay/60000/4 | fetch n=4 | limit 1 | write json");
  CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(20));
  CHECK(ran.lines.size() == 1);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == 3);
}

TEST_CASE("Limit: it ends a crawl, a pagination and a command that would go on") {
  for (const char* stage :
       {"crawl next={ set meta.x=(1) | each ([.url + \"x\", .url + \"y\"][]) }",
        "paginate next=(.url + \"x\") max=100000", "exec sh -c \"echo a; test {id} = 1 || sleep 60\" n=4"}) {
    CAPTURE(stage);
    const Ran ran = run_spec(std::string("expand $O/ok/[1-4] | ") + stage + " | limit 1 | null");
    CHECK(ran.count(Outcome::ok) == 1);
    CHECK(ran.count(Outcome::cancelled) == 0);
  }
}

TEST_CASE("Skip: it drops the first records that have not failed") {
  const Ran ran = run_spec("urls gopher://a.org/ $O/ok/1 $O/ok/2 | skip 1 | write json fields=id");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::skipped) == 1);
  CHECK(ran.of_id(3).number("id") == 3);
}

TEST_CASE("Sample: the same seed takes the same records, 0% takes none, and 100% takes all") {
  const auto ids = [](const std::string& args) {
    std::string all;
    for (const auto& line :
         run_spec("expand $O/ok/[1-50] | sample " + args + " | write json fields=id").lines) {
      all += std::to_string(static_cast<int>(line.number("id"))) + " ";
    }
    return all;
  };
  CHECK(ids("50% seed=7") == ids("0.5 seed=7"));
  CHECK(ids("50% seed=7") != ids("50% seed=8"));
  CHECK(ids("0%").empty());
  CHECK(ids("100%").ends_with(" 50 "));
}
