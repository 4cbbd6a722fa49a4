#include "pipelines/stages/csv_source.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Ran run_csv(const std::string& text, const std::string& args = "") {
  const tests::TempDir directory;
  tests::write_file(directory / "in", text);
  return run_spec("csv \"" + directory / "in" + "\" " + args +
                  " | write json fields=url,method,meta,line,error");
}

}  // namespace

TEST_CASE("CsvSource: columns are the record's fields, all others go into meta; quotes hold line ends") {
  const Ran ran =
      run_csv("method,url,note\nPUT,http://a.org/,\"two\nlines, \"\"quoted\"\"\"\nGET,http://b.org/,x\n");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].text("method") == "PUT");
  CHECK(std::string(ran.lines[0]["meta"]["note"].GetString()) == "two\nlines, \"quoted\"");
  CHECK(ran.lines[1].text("url") == "http://b.org/");
}

TEST_CASE("CsvSource: a row that is wrong is a failed record, the rest goes on") {
  const Ran ran = run_csv("url,a\nhttp://a.org/,1,surplus\nhttp://b.org/,2\n");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.lines[0].error_code() == "bad_input");
}

TEST_CASE("CsvSource: other delimiters; a head alone, or nothing, is no record") {
  CHECK(run_csv("url\ta\nhttp://a.org/\t1\n", "delimiter=tab").lines.at(0)["meta"]["a"].IsString());
  CHECK(run_csv("url;a\r\nhttp://a.org/;1\r\n", "delimiter=semicolon").lines.size() == 1);
  CHECK(run_csv("url,a\n").lines.empty());
  CHECK(run_csv("").lines.empty());
}
