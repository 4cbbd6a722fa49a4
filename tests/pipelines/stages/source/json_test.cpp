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
