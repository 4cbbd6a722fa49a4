#include "pipelines/stages/sink/write.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string written(const std::string& stage) {
  const tests::TempDir directory;
  run_spec("urls $O/a $O/b gopher://c.org/ | set meta.k=(if .id == 1 then \"x,\\\"y\\\"\" else null end) | " +
           stage + " to=\"" + directory / "f" + "\"");
  return tests::read_file(directory / "f");
}

}  // namespace

TEST_CASE("Write: csv and tsv have a heading, quote what needs it, and leave missing values empty") {
  CHECK(written("write csv fields=id,meta.k") == "id,meta.k\n1,\"x,\"\"y\"\"\"\n2,\n3,\n");
  CHECK(written("write tsv fields=id,meta.k").starts_with("id\tmeta.k\n1\t"));
}

TEST_CASE("Write: include= adds its fields to those that are named, in every format except a template") {
  CHECK(written("write csv fields=id include=body") == "id,body\n1,\n2,\n3,\n");
  CHECK(written("write json fields=id include=headers").starts_with("{\"id\":1,\"headers\":"));
}

TEST_CASE(
    "Write: a template prints a line for each record that it can show, and doubled braces stand for braces") {
  CHECK(written("write \"{{{id}}}\"") == "{1}\n{2}\n");
}

TEST_CASE("Write: several outputs have the same lines, and a file exists even if nothing came") {
  const tests::TempDir directory;
  const Ran ran = run_spec("urls $O/a | write json fields=id to=- to=\"" + directory / "1" + "\" to=\"" +
                           directory / "2" + "\"");
  CHECK(ran.lines.size() == 1);
  CHECK(tests::read_file(directory / "1") == "{\"id\":1}\n");
  CHECK(tests::read_file(directory / "2") == "{\"id\":1}\n");
  run_spec("urls $O/a | skip 1 | write json to=\"" + directory / "3" + "\"");
  CHECK(directory.names().contains("3"));
}

TEST_CASE("Write: a file that can't be made ends the run before anything starts") {
  Plan plan;
  WriteArgs write;
  write.to = {"/nosuch/directory/f"};
  plan.stages = {UrlsArgs{{origin().url("/ok/never")}}, FetchArgs(), write};
  const Ran ran = run_plan(plan);
  CHECK(ran.status);
  CHECK(ran.stats.records_in == 0);
  CHECK(origin().requests_of("/ok/never") == 0);
}
