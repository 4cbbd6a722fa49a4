#include "pipelines/stages/sink/write.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <set>
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
  CHECK(written("write csv fields=id,meta.k") == "id,meta.k\n1,\"x,\"\"y\"\"\"\n2,\n");
  CHECK(written("write tsv fields=id,meta.k").starts_with("id\tmeta.k\n1\t"));
}

TEST_CASE("Write: include= adds its fields to those that are named, in every format except a template") {
  CHECK(written("write csv fields=id include=body") == "id,body\n1,\n2,\n");
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
  write.to = {"/dev/null/directory/f"};
  plan.stages = {UrlsArgs{{origin().url("/ok/never")}}, FetchArgs(), write};
  const Ran ran = run_plan(plan);
  CHECK(ran.status);
  CHECK(ran.stats.records_in == 0);
  CHECK(origin().requests_of("/ok/never") == 0);
}

TEST_CASE("Write: a failed record is no row and no text, unless what is printed tells that it failed") {
  CHECK(written("write csv fields=id,outcome") == "id,outcome\n1,ok\n2,ok\n3,failed\n");
  CHECK(written("write csv fields=id,code=error.code") == "id,code\n1,\n2,\n3,unsupported_scheme\n");
  CHECK(written("write tsv fields=id") == "id\n1\n2\n");
  CHECK(written("write \"{id}\"") == "1\n2\n");
  CHECK(written("write \"{id} {error.code}\"") == "1 \n2 \n3 unsupported_scheme\n");
  CHECK(written("write \"{id} {status} {meta.no}\"") == "3  \n");  // the good ones lack what was asked for
  CHECK(written("write \"{id} {status}\"") == "1 \n2 \n3 \n");
}

TEST_CASE("Write: a field of a body that is no JSON is no null, except in what has failed already") {
  for (const char* format : {"json", "csv"}) {
    CAPTURE(format);
    const std::string write = " | write " + std::string(format) + " fields=id,json.x,error.code";
    const Ran bad = run_spec("urls $O/ok/a | fetch" + write + " to=/dev/null");
    CHECK(bad.count(Outcome::failed) == 1);
    const Ran failed = run_spec("urls $O/status/404 | fetch fail=4xx" + write + " to=/dev/null");
    CHECK(failed.count(Outcome::failed) == 1);
  }
  CHECK(run_spec("urls $O/ok/a | fetch | write json fields=id,json.x").lines.empty());
  const Ran failed = run_spec("urls $O/status/404 | fetch fail=4xx | write json fields=id,json.x");
  REQUIRE(failed.lines.size() == 1);
  CHECK(failed.lines[0].is_null("json.x"));
}

TEST_CASE("Write: columns are named, an object is spread over them, and the heading can be left out") {
  CHECK(written("write csv fields=n=id,k=meta.k header=false") == "1,\"x,\"\"y\"\"\"\n2,\n");
  CHECK(written("write csv fields=id,meta.*") == "id,k\n1,\"x,\"\"y\"\"\"\n2,\n");
  CHECK(written("write json fields=id,meta.*") ==
        "{\"id\":1,\"k\":\"x,\\\"y\\\"\"}\n{\"id\":2,\"k\":null}\n{\"id\":3}\n");
}

TEST_CASE(
    "Write: a record with a member for which a spread table has no column fails, and the rest is written") {
  const tests::TempDir directory;
  const Ran ran = run_spec(
      "urls $O/a $O/b $O/c | set meta=(if .id == 2 then {b: 1} else {a: .id} end) | write csv "
      "fields=meta.* to=\"" +
      directory / "f" + "\"");
  CHECK(tests::read_file(directory / "f") == "a\n1\n3\n");
  CHECK(ran.count(Outcome::failed) == 1);
}

TEST_CASE("Write: to= with fields writes each record to the file that they name, each with its heading") {
  const tests::TempDir directory;
  const std::string spec =
      "urls $O/a $O/b $O/c $O/d | set meta.k=(if .id == 2 then \"../x\" elif .id == 4 then null "
      "else \"y\" end) | write csv fields=id to=\"" +
      directory / "sub/by-{meta.k}.csv" + "\"";
  run_spec(spec);
  CHECK(tests::read_file(directory / "sub/by-y.csv") == "id\n1\n3\n");
  CHECK(directory.names() == std::set<std::string>{"sub"});
  run_spec(spec + " append=true");
  CHECK(tests::read_file(directory / "sub/by-y.csv") == "id\n1\n3\n1\n3\n");
  run_spec(spec);
  CHECK(tests::read_file(directory / "sub/by-y.csv") == "id\n1\n3\n");
}

TEST_CASE("Write: to= knows all that a URL says of its record, as the names of saved files do") {
  const tests::TempDir directory;
  run_spec("urls \"https://a.org/d/e.txt?q=1\" http://b.org:81/ | write \"{id}\" to=\"" +
           directory / "{scheme}-{host}-{port}-{query}-{stem}-{ext}-{id}" + "\"");
  CHECK(directory.names() ==
        std::set<std::string>{"https-a.org-443-q=1-e-txt-1", "http-b.org-81--index-html-2"});
}

TEST_CASE(
    "Write: of many files that records name, at most 64 are open, and none loses a line or its heading") {
  const tests::TempDir directory;
  std::string list;
  for (int i = 0; i < 1000; ++i)
    list += "{\"url\":\"http://h/\",\"k\":" + std::to_string(i * 7 % 100) + "}\n";
  tests::write_file(directory / "in", list);
  const Ran ran = run_spec("json \"" + directory / "in" + "\" | write csv fields=id,k=meta.k to=\"" +
                           directory / "out/{meta.k}" + "\"");
  CHECK(ran.count(Outcome::ok) == 1000);
  for (int k = 0; k < 100; ++k) {
    const std::string text = tests::read_file(directory / "out/" + std::to_string(k));
    CHECK(text.starts_with("id,k\n"));
    CHECK(std::count(text.begin(), text.end(), '\n') == 11);
    CHECK(text.find("id", 1) == std::string::npos);
  }
}

TEST_CASE(
    "Write: append=true adds to what is there, without a second heading, and ends a line that had no end") {
  const tests::TempDir directory;
  const std::string file = directory / "f";
  tests::write_file(file, "id,k\n0,x");
  run_spec("urls $O/a | set meta.k=(\"y\") | write csv fields=id,meta.* append=true to=\"" + file + "\"");
  CHECK(tests::read_file(file) == "id,k\n0,x\n1,y\n");
}

TEST_CASE("Write: rows are not added to a table of other columns, or of the same ones in another order") {
  const tests::TempDir directory;
  for (const std::string table : {"k,id\nx,0\n", "id\n0\n", "id,k,l\n0,x,y\n", "id;k\n0;x\n"}) {
    CAPTURE(table);
    tests::write_file(directory / "f", table);
    const std::string spec =
        "urls $O/a | set meta.k=(\"f\") | write csv fields=id,k=meta.k append=true to=\"";
    const Ran ran = run_spec(spec + (directory / "f") + "\"");
    REQUIRE(ran.status);
    CHECK(ran.status->message.find(", and these rows have id,k; name the fields") != std::string::npos);
    CHECK(run_spec(spec + (directory / "{meta.k}") + "\"").count(Outcome::failed) == 1);
    CHECK(tests::read_file(directory / "f") == table);
  }
  tests::write_file(directory / "f", "\xEF\xBB\xBFid,\"k\"\r\n0,x");
  run_spec("urls $O/a | write csv fields=id,k=status append=true to=\"" + (directory / "f") + "\"");
  CHECK(tests::read_file(directory / "f") == "\xEF\xBB\xBFid,\"k\"\r\n0,x\n1,\n");
}

TEST_CASE("Write: append=true on the standard output takes its columns from the table that stands there") {
  const tests::TempDir directory;
  const std::string file = directory / "f";
  for (const char* mode : {"a", "a+"}) {
    tests::write_file(file, "id,b,a\n0,x,y\n");
    std::FILE* out = std::fopen(file.c_str(), mode);
    REQUIRE(out != nullptr);
    async::EventLoop loop;
    {
      Run run(loop,
              plan_of_spec("urls $O/a | set meta.a=(1) meta.b=(2) | write csv fields=id,meta.* append=true"),
              ::fileno(out));
      CHECK_FALSE(loop.run(run.execute()));
    }
    std::fclose(out);
    CHECK(tests::read_file(file) == "id,b,a\n0,x,y\n1,2,1\n");
  }
}

TEST_CASE("Write: what the run reads is not written to, by whatever name, and keeps its content") {
  const tests::TempDir directory;
  const std::string in = directory / "in";
  REQUIRE(::symlink("in", (directory / "link").c_str()) == 0);
  REQUIRE(::mkdir((directory / "d").c_str(), 0777) == 0);
  for (const std::string& sink : {"write to=\"" + in + "\"", "write append=true to=\"" + in + "\"",
                                  "count to=\"" + directory / "link" + "\"",
                                  "tee { write to=\"" + directory / "d/../in" + "\" } | null",
                                  "write to=\"" + directory / "link" + "\""}) {
    CAPTURE(sink);
    tests::write_file(in, "\"http://a.org/\"\n");
    const Ran ran = run_spec("json \"" + in + "\" | " + sink);
    REQUIRE(ran.status);
    CHECK(ran.status->message.find("is the list of this run") != std::string::npos);
    CHECK(tests::read_file(in) == "\"http://a.org/\"\n");
  }
  const Ran named =
      run_spec("json \"" + in + "\" | set meta.k=(\"in\") | write to=\"" + directory / "{meta.k}" + "\"");
  CHECK(named.count(Outcome::failed) == 1);
  CHECK(tests::read_file(in) == "\"http://a.org/\"\n");
}

TEST_CASE("Write: no file that the run has for itself becomes an output, and no list what --failed names") {
  const tests::TempDir directory;
  const std::string sums = std::string(64, '0') + "  a\n";
  const std::string cookies = "# Netscape HTTP Cookie File\n";
  const std::string list = "\"http://a.org/\"\n";
  tests::write_file(directory / "sums", sums);
  tests::write_file(directory / "cookies", cookies);
  tests::write_file(directory / "list", list);
  const auto checked = run_spec("urls $O/a | fetch checksums=\"" + directory / "sums" + "\" | write to=\"" +
                                directory / "sums" + "\"");
  CHECK(checked.status);
  CHECK(tests::read_file(directory / "sums") == sums);
  const auto sent = run_spec("urls $O/a | fetch cookie=\"" + directory / "cookies" + "\" | write to=\"" +
                             directory / "cookies" + "\"");
  CHECK(sent.status);
  CHECK(tests::read_file(directory / "cookies") == cookies);
  Plan plan = plan_of_spec("json \"" + directory / "list" + "\" | null");
  plan.failed_path = directory / "list";
  CHECK(run_plan(plan, false).status);
  CHECK(tests::read_file(directory / "list") == list);
}

TEST_CASE("Write: directories that are missing are made") {
  const tests::TempDir directory;
  run_spec("urls $O/a | tee { count to=\"" + directory / "x/y/count" + "\" } | write json fields=id to=\"" +
           directory / "z/f" + "\"");
  CHECK(tests::read_file(directory / "z/f") == "{\"id\":1}\n");
  CHECK(tests::read_file(directory / "x/y/count") == "{\"count\":1}\n");
}
