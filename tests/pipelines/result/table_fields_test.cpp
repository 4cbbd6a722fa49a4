#include "pipelines/result/table_fields.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "pipelines/expr/json.hpp"

using namespace leat;
using namespace leat::pipelines;
using leat::text::Delimited;

namespace {

/// A record that is just this JSON.
struct Given {
  explicit Given(const std::string& json) : text(json) { REQUIRE_FALSE(doc.parse(text)); }
  std::string text;
  JsonDoc doc;
};

std::string row(const TableFields& fields, const std::string& json,
                const TableFields::Members& members = {}) {
  Given given(json);
  JsonInput input(given.doc.root());
  std::string out;
  const auto error = fields.append_row(out, Delimited::csv, members, input);
  return error ? "error: " + error->message : out;
}

std::string header(const TableFields& fields, const TableFields::Members& members = {}) {
  std::string out;
  fields.append_header(out, Delimited::csv, members);
  return out;
}

}  // namespace

TEST_CASE("TableFields: text is written as it is, null and missing values are empty, and all else is JSON") {
  const TableFields fields({"url", "meta.n", "meta.list", "meta.list[1]", "meta.no", "meta.t"});
  CHECK(header(fields) == "url,meta.n,meta.list,meta.list[1],meta.no,meta.t\n");
  CHECK(row(fields, R"({"url":"http://a/","meta":{"n":null,"list":[ 1, "é" ],"t":"a\n\"b\""}})") ==
        "http://a/,,\"[1,\"\"é\"\"]\",é,,\"a\n\"\"b\"\"\"\n");
}

TEST_CASE("TableFields: NAME=PATH names a column, in a table and in an object") {
  const TableFields fields({"id=meta.id", "name=meta.name"});
  const std::string record = R"({"meta":{"id":9007199254740993,"name":"x"}})";
  CHECK(header(fields) == "id,name\n");
  CHECK(row(fields, record) == "9007199254740993,x\n");
  Given given(record);
  JsonInput input(given.doc.root());
  std::string out;
  CHECK_FALSE(fields.append_object(out, input));
  CHECK(out == R"({"id":9007199254740993,"name":"x"})");
}

TEST_CASE("TableFields: PATH.* has a column for each member, and a name that is taken gets its path") {
  const TableFields fields({"url", "meta.*", "status"});
  const std::string record = R"({"url":"u","status":200,"meta":{"a":1,"url":"v","b":null}})";
  Given given(record);
  JsonInput input(given.doc.root());
  const auto members = fields.members_of(input);
  CHECK(members == TableFields::Members{"a", "url", "b"});
  CHECK(header(fields, members) == "url,a,meta.url,b,status\n");
  CHECK(row(fields, record, members) == "u,1,v,,200\n");
  CHECK(row(fields, R"({"url":"u","status":200,"meta":null})", members) == "u,,,,200\n");
  CHECK(row(fields, R"({"url":"u","status":200,"meta":{"b":"x"}})", members) == "u,,,x,200\n");
  CHECK(
      row(fields, R"({"url":"u","meta":{"c":1}})", members).starts_with("error: {meta} has a member \"c\""));
  CHECK(fields.members_of(std::vector<std::string>{"url", "a", "meta.url", "b", "status"}) == members);
  CHECK(fields.members_of(std::vector<std::string>{"url"}).empty());
  std::string out;
  CHECK_FALSE(fields.append_object(out, input));
  CHECK(out == R"({"url":"u","a":1,"meta.url":"v","b":null,"status":200})");
}

TEST_CASE("TableFields: what is wrong is found at its place in the list") {
  CHECK_FALSE(check_table_fields("url,id=meta.id,meta.*"));
  const auto nameless = check_table_fields("url,meta..k");
  REQUIRE(nameless);
  CHECK(nameless->offset == 9);
  CHECK(nameless->message.find("a field's name is missing here") != std::string::npos);
  CHECK(check_table_fields("url,=meta.k")->offset == 4);
  CHECK(check_table_fields("url,x=meta.*")->offset == 4);
  CHECK(check_table_fields("meta.*,json.*")->offset == 7);
  CHECK(check_table_fields("url,a=id,a=line")->offset == 9);
  CHECK(check_table_fields("id,id")->message.find("NAME=id") != std::string::npos);
}

TEST_CASE("TableFields: a name in brackets may have commas and equals signs") {
  CHECK_FALSE(check_table_fields("url,meta[\"a,b\"],x=meta[\"c=d\"],meta[\"e=f\"]"));
  CHECK(check_table_fields("url,meta[\"a,b\"],meta..k")->offset == 21);
  CHECK(check_table_fields("meta[\"a,b\"],meta[\"a,b\"]")->message.find("is there twice") !=
        std::string::npos);
  const TableFields fields({"meta[\"a,b\"]", "meta[\"c=d\"]", "x=meta[\"c=d\"]"});
  CHECK(row(fields, R"({"meta":{"a,b":1,"c=d":2}})") == "1,2,2\n");
}

TEST_CASE("TableFields: only error and outcome tell that a record has failed") {
  CHECK(TableFields({"url", "error.code"}).tells_failure());
  CHECK(TableFields({"o=outcome"}).tells_failure());
  CHECK_FALSE(TableFields({"url", "status", "meta.error"}).tells_failure());
}
