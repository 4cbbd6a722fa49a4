#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "pipelines/expr/json.hpp"

using namespace leat::pipelines;
using namespace std::string_view_literals;

namespace {

bool accepts(std::string_view text) {
  // The text stands in memory of its own, so that a sanitizer sees who reads beyond it.
  const std::string own(text);
  JsonDoc doc;
  const bool good = !doc.parse(own);
  CHECK(doc.root().exists() == good);
  JsonDoc lenient;
  if (good) CHECK_FALSE(lenient.parse(own, JsonDoc::BadBytes::replace));
  return good;
}

}  // namespace

// The kinds are those of JSONTestSuite (github.com/nst/JSONTestSuite); the rows are our own.
TEST_CASE("JsonDoc: every kind of text that is JSON is accepted") {
  for (const auto text : {
           "null"sv,
           "true"sv,
           "false"sv,
           "0"sv,
           "-0"sv,
           "-1"sv,
           "1.5"sv,
           "1e5"sv,
           "1E+5"sv,
           "1e-05"sv,
           "0e0"sv,
           "0.0"sv,
           "-12.0625e-10"sv,
           "123456789012345678901234567890"sv,
           "1e9999"sv,
           "\"\""sv,
           "\"a\""sv,
           "[]"sv,
           "{}"sv,
           "[[]]"sv,
           "[{}]"sv,
           "[null,1,\"1\",{}]"sv,
           "{\"\":0}"sv,
           "{\"a\":{\"b\":[]}}"sv,
           "{\"a\":1,\"a\":2}"sv,
           " [ ] "sv,
           "\t{\r\n\"a\" : [ 1 , 2 ] }\n"sv,
           "\xEF\xBB\xBF[]"sv,
           "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""sv,
           "\"\\u0000\\u0022\\uFFFF\\uabCD\""sv,
           "\"\\ud834\\udd1e\""sv,
           "\"\\ud800\""sv,
           "\"\\udfff\\ud800\""sv,
           "\"\x7F\""sv,
           "\"é€😀\""sv,
           "\"\xF4\x8F\xBF\xBF\""sv,
           "\"/*x*/#\""sv,
           "\"\\u2028\xE2\x80\xA8\""sv,
           "[1\n,1]"sv,
       }) {
    CAPTURE(text);
    CHECK(accepts(text));
  }
}

TEST_CASE("JsonDoc: every kind of text that is not JSON is refused") {
  for (const auto text : {
           ""sv,
           " "sv,
           "\xEF\xBB\xBF"sv,
           "nul"sv,
           "nulll"sv,
           "True"sv,
           "NaN"sv,
           "Infinity"sv,
           "-Infinity"sv,
           "undefined"sv,
           "+1"sv,
           "-"sv,
           "--1"sv,
           "- 1"sv,
           "01"sv,
           "-01"sv,
           "1."sv,
           ".5"sv,
           "-.5"sv,
           "1.e5"sv,
           "1e"sv,
           "1e+"sv,
           "1ee5"sv,
           "1e5.0"sv,
           "0x1F"sv,
           "1_000"sv,
           "1,5"sv,
           "1 2"sv,
           "1a"sv,
           "\xEF\xBC\x91"sv,
           "'a'"sv,
           "a"sv,
           "\"a"sv,
           "\"a\\\""sv,
           "\"\\x41\""sv,
           "\"\\'\""sv,
           "\"\\\""sv,
           "\"\\u12\""sv,
           "\"\\u12G4\""sv,
           "\"\\U0041\""sv,
           "\"\\ud834\\u\""sv,
           "\"\n\""sv,
           "\"\t\""sv,
           "\"\0\""sv,
           "\"\x1F\""sv,
           "\"\xFF\""sv,
           "\"\xC0\xAF\""sv,
           "\"\xED\xA0\x80\""sv,
           "\"\xF4\x90\x80\x80\""sv,
           "\"\xE2\x82\""sv,
           "["sv,
           "]"sv,
           "[1"sv,
           "[1,"sv,
           "[1,]"sv,
           "[,1]"sv,
           "[,]"sv,
           "[1,,2]"sv,
           "[1 2]"sv,
           "[1:2]"sv,
           "[1}"sv,
           "[\"a\""sv,
           "[]]"sv,
           "[][]"sv,
           "[\0]"sv,
           "[1]\0"sv,
           "[\xA0]"sv,
           "[\f]"sv,
           "[\v]"sv,
           "{"sv,
           "}"sv,
           "{\"a\""sv,
           "{\"a\":"sv,
           "{\"a\":1"sv,
           "{\"a\":1,"sv,
           "{\"a\":1,}"sv,
           "{,}"sv,
           "{\"a\" 1}"sv,
           "{\"a\"::1}"sv,
           "{\"a\",1}"sv,
           "{a:1}"sv,
           "{1:1}"sv,
           "{'a':1}"sv,
           "{null:1}"sv,
           "{[]:1}"sv,
           "{\"a\":1 \"b\":2}"sv,
           "{\"a\":1]"sv,
           "{}}"sv,
           "{\"a\":\"b\"}#"sv,
           "[1] // x"sv,
           "/* x */ 1"sv,
           "# x"sv,
           "<null>"sv,
           "\\u0031"sv,
           "*"sv,
           "\x5B\x00\x5D\x00"sv,
           "\xFE\xFF\x00\x5B"sv,
       }) {
    CAPTURE(text);
    CHECK_FALSE(accepts(text));
  }
}
