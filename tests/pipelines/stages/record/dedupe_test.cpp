#include "pipelines/stages/record/dedupe.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Dedupe: the first record of each key goes on, and the others count as skipped") {
  const Ran ran = run_spec("urls $O/a $O/b $O/a $O/a | dedupe | write json fields=id");
  CHECK(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::skipped) == 2);
}

TEST_CASE("Dedupe: by= may give several outputs, which form the key together, and 1 differs from \"1\"") {
  CHECK(run_spec("urls $O/1 $O/2 $O/3 | dedupe by=(.id < 3, 1)").lines.size() == 2);
  CHECK(run_spec("urls $O/1 $O/2 | dedupe by=(if .id == 1 then 1 else \"1\" end)").lines.size() == 2);
}

TEST_CASE("Dedupe: keys are values, so that 1 and 1.0 are one key, natively and by libjq") {
  const tests::TempDir directory;
  tests::write_file(directory / "in",
                    R"({"k":1} {"k":1.0} {"k":1e0} {"k":"1"} {"k":{"a":1,"b":2}} {"k":{"b":2,"a":1.0}})");
  for (const std::string program : {".meta.k", "try .meta.k catch 0"}) {
    CAPTURE(program);
    CHECK(run_spec("json \"" + directory / "in" + "\" | dedupe by=(" + program + ") | write json fields=id")
              .lines.size() == 3);
  }
}

TEST_CASE("Dedupe: numbers that are the same double are different keys") {
  const tests::TempDir directory;
  tests::write_file(directory / "in", R"({"k":9007199254740993} {"k":9007199254740992})");
  const std::string from = "json \"" + directory / "in" + "\" | dedupe by=(";
  CHECK(run_spec(from + ".meta.k) | write json fields=id").lines.size() == 2);
}

TEST_CASE("Dedupe: a record for which its program fails has failed, and is no key") {
  const Ran ran = run_spec("urls $O/1 $O/1 $O/1 | dedupe by=(if .id == 2 then error(\"x\") else .url end)");
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.count(Outcome::ok) == 1);
  CHECK(ran.count(Outcome::skipped) == 1);
}

TEST_CASE("Dedupe: keys that don't fit into memory are on disk, and are known there") {
  for (const char* memory : {"1", "3", "100", "1000"}) {
    CAPTURE(memory);
    const Ran ran =
        run_spec("expand $O/[1-300] $O/[1-300] $O/[1-300] | dedupe memory=" + std::string(memory) +
                 " | write json fields=id");
    CHECK(ran.lines.size() == 300);
    CHECK(ran.count(Outcome::skipped) == 600);
    for (std::size_t i = 0; i < ran.lines.size(); ++i)
      CHECK(ran.lines[i].number("id") == static_cast<int>(i + 1));
  }
}

TEST_CASE("Dedupe: a dropped record does not delay an `ordered` after it") {
  const Ran ran =
      run_spec("expand $O/[1-3] $O/[1-90] | dedupe memory=1 | ordered window=2 | write json fields=id");
  CHECK(ran.lines.size() == 90);
  CHECK(ran.count(Outcome::skipped) == 3);
}

TEST_CASE("Dedupe: show=true lets the others go on as skipped, with the reason") {
  const Ran ran = run_spec(
      "urls $O/ok/1 $O/ok/1 $O/ok/2 | dedupe show=true | fetch | write json fields=id,outcome,error,status");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::skipped) == 1);
  const auto& second = ran.of_id(2);
  CHECK(second.text("outcome") == "skipped");
  CHECK(std::string(second["error"]["message"].GetString()) == "its URL came before");
  CHECK(second["status"].IsNull());
}
