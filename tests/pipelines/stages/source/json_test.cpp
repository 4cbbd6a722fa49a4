#include "pipelines/stages/source/json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Ran run_json(const std::string& text) {
  const tests::TempDir directory;
  tests::write_file(directory / "in", text);
  return run_spec("json \"" + directory / "in" + "\" | write json fields=url,meta,error,id");
}

}  // namespace

TEST_CASE(
    "JsonSource: it reads texts and objects, one after the other or in one array; other fields go into "
    "meta") {
  for (const std::string text : {"\"http://a.org/\" {\"url\":\"http://b.org/\",\"k\":[1]}",
                                 "[\"http://a.org/\",\n{\"url\":\"http://b.org/\",\"k\":[1]}]\n"}) {
    const Ran ran = run_json(text);
    REQUIRE(ran.lines.size() == 2);
    CHECK(ran.of_id(1).text("url") == "http://a.org/");
    CHECK(ran.of_id(2)["meta"]["k"][0].GetInt() == 1);
  }
}

TEST_CASE("JsonSource: a value that is no record fails alone, and an empty text and [] give none") {
  const Ran ran = run_json("1 {\"url\":\"http://b.org/\"} null");
  CHECK(ran.lines.size() == 3);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(run_json("").lines.empty());
  CHECK(run_json(" [ ] ").lines.empty());
}

TEST_CASE("JsonSource: a list that is cut short ends the run as an error, after what is whole was done") {
  for (const std::string text : {"[\"http://a.org/\",\n{\"url\":\"http://b.org/\"},\n",
                                 "[\"http://a.org/\",{\"url\":\"http://b.org/\"},{\"url\":\"htt",
                                 "\"http://a.org/\"\n{\"url\":\"http://b.org/\"}\n{\"url\":\"http://c"}) {
    CAPTURE(text);
    const Ran ran = run_json(text);
    REQUIRE(ran.status);
    CHECK(ran.status->code == Errc::file_error);
    CHECK(ran.status->message.find("where the input ends; the 2 records before that are done") !=
          std::string::npos);
    CHECK(ran.lines.size() == 2);
    CHECK(ran.count(Outcome::ok) == 2);
  }
}

TEST_CASE("JsonSource: an array with a comma too many or too few has a failed record there") {
  const Ran ran = run_json("[\"http://a.org/\",,\"http://b.org/\"]");
  CHECK_FALSE(ran.status);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK(ran.count(Outcome::failed) == 1);
}
