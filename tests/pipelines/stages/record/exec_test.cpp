#include "pipelines/stages/record/exec.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

TEST_CASE("Exec: words are passed as arguments unchanged, without a shell") {
  const Ran ran =
      run_spec("urls $O/1 | exec printf \"%s|\" \"a b\" \"$HOME;`id`\" \"{id}\" | write json fields=meta");
  CHECK(std::string(ran.lines.at(0)["meta"]["exec"].GetString()) == "a b|$HOME;`id`|1|");
}

TEST_CASE(
    "Exec: standard input is what the program gives, and the result is the output without its last line "
    "end") {
  const Ran ran = run_spec("urls $O/1 | exec cat stdin=(\"a\", {b: 1}) | write json fields=meta");
  CHECK(std::string(ran.lines.at(0)["meta"]["exec"].GetString()) == "a\n{\"b\":1}");
}

TEST_CASE("Exec: as=records makes a record of each line, and the parent is done") {
  const Ran ran = run_spec(
      "urls $O/1 | exec cat stdin=(\"http://a.org/\", \"bad line\", {url: \"http://b.org/\"}) as=records | "
      "write json");
  CHECK(ran.lines.size() == 3);
  CHECK(ran.stats.records_in == 4);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.lines[0].number("parent") == 1);
}

TEST_CASE(
    "Exec: as=records gives a record the meta that its line has, also where its parent had extracted it") {
  const Ran ran = run_spec(
      "urls $O/ok | extract jq=(1) as=meta.a | exec cat stdin=({url: \"http://a.org/\", meta: {a: 2}}, "
      "\"http://b.org/\") as=records | write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0]["meta"]["a"].GetInt() == 2);
  CHECK(ran.lines[1]["meta"].IsNull());  // what the parent's own line shows
}

TEST_CASE("Exec: a command that fails, is missing, or lacks a field fails its record") {
  const Ran ran = run_spec(
      "urls $O/1 $O/2 | exec sh -c \"echo why >&2; exit {id}\" | exec /nosuch/command | write json "
      "fields=id,error");
  CHECK(ran.of_id(1).error_message().find("status 1: why") != std::string::npos);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(run_spec("urls $O/1 | exec /nosuch/command").lines.at(0).error_code() == "exec_failed");
  CHECK(run_spec("urls $O/1 | exec echo \"{meta.x}\"").count(Outcome::failed) == 1);
}

TEST_CASE("Exec: n commands run at once, and each record gets its own output") {
  const Ran ran = run_spec("expand $O/[1-60] | exec echo \"{id}\" n=7 | write json fields=id,meta.exec");
  REQUIRE(ran.lines.size() == 60);
  for (const auto& line : ran.lines)
    CHECK(std::to_string(static_cast<int>(line.number("id"))) == line.text("meta.exec"));
}
