#include "pipelines/stages/source/csv.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pipelines/options/csv_columns.hpp"
#include "tests/pipelines/run_fixture.hpp"

using namespace leat;
using namespace leat::pipelines;

namespace {

Ran run_csv(const std::string& text, const std::string& args = "") {
  const tests::TempDir directory;
  tests::write_file(directory / "in", text);
  return run_spec("csv \"" + directory / "in" + "\" " + args +
                  " | write json fields=url,method,meta,line,error,outcome");
}

}  // namespace

TEST_CASE(
    "CsvSource: columns are the record's fields, all others go into meta, and quotes may contain line ends") {
  const Ran ran =
      run_csv("method,url,note\nPUT,http://a.org/,\"two\nlines, \"\"quoted\"\"\"\nGET,http://b.org/,x\n");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].text("method") == "PUT");
  CHECK(std::string(ran.lines[0]["meta"]["note"].GetString()) == "two\nlines, \"quoted\"");
  CHECK(ran.lines[1].text("url") == "http://b.org/");
}

TEST_CASE("CsvSource: a wrong row is a failed record, and the rest goes on") {
  const Ran ran = run_csv("url,a\nhttp://a.org/,1,surplus\nhttp://b.org/,2\n");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.count(Outcome::failed) == 1);
  CHECK(ran.lines[0].error_code() == "bad_input");
}

TEST_CASE("CsvSource: other delimiters are read, and a heading alone, or nothing, gives no record") {
  CHECK(run_csv("url\ta\nhttp://a.org/\t1\n", "delimiter=tab").lines.at(0)["meta"]["a"].IsString());
  CHECK(run_csv("url;a\r\nhttp://a.org/;1\r\n", "delimiter=semicolon").lines.size() == 1);
  CHECK(run_csv("url,a\n").lines.empty());
  CHECK(run_csv("").lines.empty());
}

TEST_CASE("CsvSource: the first row shows the delimiter, and a line sep= before it says it") {
  for (const std::string text :
       {"url;a\nhttp://a.org/;1,5\n", "url\ta\nhttp://a.org/\t1,5\n", "url,a\nhttp://a.org/,\"1,5\"\n",
        "sep=;\r\nurl;a\r\nhttp://a.org/;1,5\r\n", "sep=|\nurl|a\nhttp://a.org/|1,5\n",
        "\"x;y;z\",url,a\n,http://a.org/,\"1,5\"\n"}) {
    CAPTURE(text);
    const Ran ran = run_csv(text);
    REQUIRE(ran.lines.size() == 1);
    CHECK(ran.lines[0].text("url") == "http://a.org/");
    CHECK(std::string(ran.lines[0]["meta"]["a"].GetString()) == "1,5");
  }
  CHECK(run_csv("sep=;\nurl;a\nhttp://a.org/;1\n").lines.at(0).number("line") == 3);
}

TEST_CASE("CsvSource: a column without a name is kept under its place") {
  const Ran ran = run_csv(",url,column4,\n7,http://a.org/,x,y\n");
  REQUIRE(ran.lines.size() == 1);
  CHECK(std::string(ran.lines[0]["meta"]["column1"].GetString()) == "7");
  CHECK(std::string(ran.lines[0]["meta"]["column4"].GetString()) == "x");
  CHECK(std::string(ran.lines[0]["meta"]["column4_"].GetString()) == "y");
}

TEST_CASE("CsvSource: a first row that is a line of data is said to be one") {
  const Ran ran = run_csv("http://a.org/\tname\n", "delimiter=tab columns=\"url=url\"");
  REQUIRE(ran.status);
  CHECK(ran.status->message.find("the first row of a table names its columns") != std::string::npos);
}

TEST_CASE(
    "CsvSource: columns= says which column is which field; a named column goes nowhere else, and the rest go "
    "into meta") {
  const Ran ran = run_csv("id,link,url,Verb\n7,http://a.org/x,about,PUT\n",
                          "columns=\"url=link,method=Verb,meta.key.id=id\"");
  REQUIRE(ran.lines.size() == 1);
  const auto& line = ran.lines[0];
  CHECK(line.text("url") == "http://a.org/x");
  CHECK(line.text("method") == "PUT");
  CHECK(std::string(line["meta"]["key"]["id"].GetString()) == "7");
  CHECK(std::string(line["meta"]["url"].GetString()) == "about");
  CHECK(line["meta"].MemberCount() == 2);
}

TEST_CASE("CsvSource: a missing column ends the run, and the error names it and those that are there") {
  const Ran ran = run_csv("id,link\n1,http://a.org/\n", "columns=\"url=lnik\"");
  REQUIRE(ran.status);
  CHECK(ran.status->code == Errc::bad_input);
  CHECK(ran.status->message.find("no column \"lnik\", which \"url\" is taken from; did you mean \"link\"?") !=
        std::string::npos);
  CHECK(ran.status->message.find("\"id\", \"link\"") != std::string::npos);
  CHECK(ran.lines.empty());
}

TEST_CASE(
    "CsvSource: where the column of URLs is called otherwise, the error names it and the way to say it") {
  struct Case {
    std::string heading;
    std::string hint;
  };
  for (const auto& one :
       {Case{"id,URL", "are the URLs in \"URL\"? Say --columns url=URL, or in a spec columns=url=URL"},
        Case{"href,Link", "are the URLs in \"Link\"? Say --columns url=Link"},
        Case{"id,image_url", "are the URLs in \"image_url\"? Say --columns url=image_url"},
        Case{"id,Page Link", "Say --columns 'url=Page Link', or in a spec columns=\"url=Page Link\""},
        Case{"id,\"link, or not: url\"", "are the URLs in \"link, or not: url\"?"},
        Case{"id,name", "the columns are \"id\", \"name\""}}) {
    CAPTURE(one.heading);
    const Ran ran = run_csv(one.heading + "\n1,http://a.org/\n", "columns=\"url=url\"");
    REQUIRE(ran.status);
    CHECK(ran.status->message.find(one.hint) != std::string::npos);
    CHECK((ran.status->message.find("are the URLs in") != std::string::npos) == (one.heading != "id,name"));
  }
}

TEST_CASE("CsvSource: an empty field counts as missing, and a missing URL is an error") {
  const Ran ran = run_csv("url,method,sha256,headers,mirrors,output,k\n http://a.org/ ,,,,,,\n,GET,,,,,\n");
  REQUIRE(ran.lines.size() == 2);
  CHECK(ran.lines[0].text("url") == "http://a.org/");
  CHECK(ran.lines[0].text("outcome") == "ok");
  CHECK(std::string(ran.lines[0]["meta"]["k"].GetString()).empty());
  CHECK(ran.lines[1].error_code() == "bad_input");
  CHECK(std::string(ran.lines[1]["error"]["message"].GetString()) == "line 3: the URL is missing");
}

TEST_CASE(
    "CsvColumns: headers are one on each line, mirrors stand between blanks, meta is an object; each may be "
    "JSON too") {
  const auto record_of = [](std::string_view headers, std::string_view mirrors, std::string_view meta) {
    const std::vector<std::string> header{"url", "headers", "mirrors", "meta", "k"};
    auto columns = CsvColumns::make(header, {});
    REQUIRE(columns.ok());
    auto record = std::make_unique<Record>();
    const std::vector<std::string_view> fields{"http://a.org/", headers, mirrors, meta, "v"};
    const auto error = columns->fill(*record, fields);
    if (error) record->fail(*error, "csv");
    return record;
  };
  const auto plain = record_of("X-A: 1\r\nX-B: 2", "http://b.org/ http://c.org/", "text");
  CHECK(plain->request.headers == std::vector<std::string>{"X-A: 1", "X-B: 2"});
  CHECK(plain->mirrors == std::vector<std::string>{"http://b.org/", "http://c.org/"});
  CHECK(plain->meta == "{\"k\":\"v\",\"meta\":\"text\"}");
  const auto json = record_of("{\"X-A\":\"1\"}", "[\"http://b.org/\"]", "{\"a\":[1]}");
  CHECK(json->request.headers == std::vector<std::string>{"X-A: 1"});
  CHECK(json->mirrors == std::vector<std::string>{"http://b.org/"});
  CHECK(json->meta == "{\"k\":\"v\",\"a\":[1]}");
  CHECK(record_of("[", "", "")->error->code == Errc::bad_input);
}

TEST_CASE("CsvColumns: an impossible list of columns is refused") {
  CHECK(parse_columns("url=a,\"output=b, c\",meta.x=d=e")->size() == 3);
  CHECK(parse_columns("url=a,\"output=b, c\",meta.x=d=e")->at(1).column == "b, c");
  CHECK(parse_columns("meta.x=d=e")->at(0).column == "d=e");
  for (const char* text :
       {"", "url", "url=", "=a", "nosuch=a", "url=a,url=b", "url=a,", "\"url=a", "url=a\nmethod=b"}) {
    CAPTURE(text);
    CHECK(check_columns(text).has_value());
  }
}
