#include "pipelines/stages/source/lines.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Ran run_lines(const std::string& text) {
  const tests::TempDir directory;
  tests::write_file(directory / "in", text);
  return run_spec("lines \"" + directory / "in" + "\" | write json fields=url,line,error,method");
}

}  // namespace

TEST_CASE(
    "Lines: it reads URLs and objects with their numbers; blank lines, comments, CRLF and a BOM are no "
    "records") {
  const Ran ran =
      run_lines("\xEF\xBB\xBF# list\r\n\r\nhttp://a.org/\r\n{\"url\":\"http://b.org/\",\"method\":\"PUT\"}");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].number("line") == 3);
  CHECK(ran.lines[1].text("method") == "PUT");
}

TEST_CASE("Lines: a bad line is a failed record, and the run goes on; an empty file is the end") {
  const Ran ran = run_lines("http://a.org/\n{\"url\":\nnot a url\nhttp://b.org/\n");
  CHECK(ran.lines.size() == 4);
  CHECK(ran.count(Outcome::failed) == 2);
  CHECK(run_lines("").lines.empty());
}

TEST_CASE("Lines: a missing file is an error of the run itself") {
  Plan plan;
  plan.stages = {LinesArgs{"/nosuch/file"}, WriteArgs()};
  const Ran ran = run_plan(plan);
  REQUIRE(ran.status);
  CHECK(ran.status->message.find("/nosuch/file") != std::string::npos);
}

TEST_CASE("Lines: an object that the end of the input cuts short ends the run as an error") {
  const Ran ran = run_lines("http://a.org/\n{\"url\":\"http://b.org/\"}\n{\"url\":\"http://c.or");
  REQUIRE(ran.status);
  CHECK(ran.status->message.find("the object in line 3 is not whole") != std::string::npos);
  CHECK(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::ok) == 2);
  CHECK_FALSE(run_lines("{\"url\":\"http://b.org/\"}").status);
}
