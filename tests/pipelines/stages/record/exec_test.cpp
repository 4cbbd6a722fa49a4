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

TEST_CASE("Exec: as=records keeps all of an object in meta but its url, and says what is no JSON") {
  const Ran ran = run_spec(
      "urls $O/1 | exec printf \"%s\\n\" \"{{\\\"id\\\":9007199254740993,\\\"method\\\":\\\"x\\\"}}\" "
      "\"{{\\\"url\\\":\\\"/2\\\"}}\" \"{{no}}\" as=records | write json");
  REQUIRE(ran.lines.size() == 3);
  CHECK(ran.lines[0]["meta"]["id"].GetInt64() == 9007199254740993);
  CHECK(std::string(ran.lines[0]["meta"]["method"].GetString()) == "x");
  CHECK(ran.lines[0].text("method") == "GET");
  CHECK(ran.lines[1].text("url") == origin().url("/2"));
  CHECK(ran.lines[2].error_message().starts_with("not JSON at byte 2"));
}

TEST_CASE("Exec: as=records names the line of the command that can't be read") {
  const Ran ran =
      run_spec("urls $O/1 | exec printf \"http://a.org/\\n\\nno\\\\377\" as=records | write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[1].error_message().starts_with("line 3 is not UTF-8"));
}

TEST_CASE("Exec: as=records passes over blank lines and comments, and takes line ends off") {
  const Ran ran = run_spec(
      "urls $O/1 | exec printf \"http://a.org/\\r\\n\\n  \\n# no\\nhttp://b.org/\" as=records | write json");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].text("url") == "http://a.org/");
  CHECK(ran.lines[1].text("url") == "http://b.org/");
}

TEST_CASE("Exec: as=records, a line is a record before the command has ended") {
  const tests::TempDir dir;
  const std::string out = dir / "lines";
  const Ran ran =
      run_spec("urls $O/1 | exec sh -c \"echo http://a.org/; until grep -q a.org " + out +
               "; do :; done; printf http://b.org/\" as=records timeout=30s | write json to=\"" + out + "\"");
  CHECK(ran.count(Outcome::ok) == 3);
  CHECK(tests::lines_of(tests::read_file(out)).size() == 2);
}

TEST_CASE(
    "Exec: as=records, a command that fails does so behind what it has printed, and one without an end is "
    "ended") {
  const Ran failed =
      run_spec("urls $O/1 | exec sh -c \"echo http://a.org/; exit 3\" as=records | write json");
  REQUIRE(failed.lines.size() == 2);
  CHECK(failed.lines[1].error_code() == "exec_failed");
  CHECK(failed.lines[1].number("id") == 1);
  const Ran endless = run_spec("urls $O/1 | exec yes http://a.org/ as=records | limit 70 | write json");
  CHECK(endless.lines.size() == 70);
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
