#include "pipelines/expr/json_text.hpp"

#include <doctest/doctest.h>

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string set(std::string_view text, std::string_view path, std::string_view value) {
  const auto done = json_set(text, path, value);
  if (done.ok()) return done.value();
  CHECK(done.error().code == Errc::filter_error);
  return "error: " + done.error().message;
}

}  // namespace

TEST_CASE("json_text: quotes, backslashes and control characters are escaped, and bad UTF-8 is replaced") {
  CHECK(json_text("") == "\"\"");
  CHECK(json_text("plain é😀") == "\"plain é😀\"");
  CHECK(json_text("a\"b\\c\n\t\x01\x1F") == R"("a\"b\\c\n\t\u0001\u001f")");
  CHECK(json_text(std::string_view("\0", 1)) == R"("\u0000")");
  CHECK(json_text("a\xFFz\xED\xA0\x80") == "\"a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("json_set: everything but the member that is set stays the same, byte for byte") {
  CHECK(set("", "k", "1") == R"({"k":1})");
  CHECK(set("null", "a.b.c", "[1]") == R"({"a":{"b":{"c":[1]}}})");
  CHECK(set("{}", "k", "\"v\"") == R"({"k":"v"})");
  CHECK(set("{ }", "k", "1") == R"({ "k":1})");
  CHECK(set(R"({ "a" : 1e2 ,"b":[ 1 ]})", "c", "2") == R"({ "a" : 1e2 ,"b":[ 1 ],"c":2})");
  CHECK(set(R"({ "a" : 1e2 ,"b":[ 1 ]})", "a", "true") == R"({ "a" : true ,"b":[ 1 ]})");
  CHECK(set(R"({"a":{"x":1},"z":0})", "a.y.w", "2") == R"({"a":{"x":1,"y":{"w":2}},"z":0})");
  CHECK(set(R"({"a":null,"z":0})", "a.b", "2") == R"({"a":{"b":2},"z":0})");
  CHECK(set(R"({"a":1,"a":2})", "a", "3") == R"({"a":1,"a":3})");
  CHECK(set(R"({"a":{"b":1}})", "a", "3") == R"({"a":3})");
  CHECK(set("{}", "a\"b", "1") == R"({"a\"b":1})");
}

TEST_CASE("json_set: a value that is no object can't take a member") {
  CHECK(set("[1]", "k", "1") == R"(error: can't set "k": it is an array, no object)");
  CHECK(set(R"({"a":{"b":1}})", "a.b.c", "1") == R"(error: can't set "a.b.c": "a.b" is a number, no object)");
  CHECK(set("{", "a", "1").rfind("error: not JSON: ", 0) == 0);
}

TEST_CASE("json_replace: it does what json_set does, or nothing") {
  const auto same = [](std::string_view text, std::string_view name) {
    const auto replaced = json_replace(text, name, "[1]");
    REQUIRE(replaced.has_value());
    CHECK(*replaced == set(text, name, "[1]"));
  };
  same(R"({"a":1})", "a");
  same(R"({"a":"}","b":{"a":[2,{"c":"]"}]},"c":null})", "a");
  same(R"({"a":"}","b":{"a":[2,{"c":"]"}]},"c":null})", "b");
  same(R"({"a":"}","b":{"a":[2,{"c":"]"}]},"c":-1.5e3})", "c");
  same(R"({"a":[],"":"x"})", "");
  same(R"({"a":["http://h/1","http://h/2"]})", "a");
  for (const std::string_view text :
       {R"({"b":1})", R"({})", R"({"b":{"a":1}})", R"({"a":1,"a":2})", R"({ "a":1})", R"({"a": 1})",
        R"({"a":1 })", R"({"b":"\"","a":1})", R"({"\u0061":1})", R"([{"a":1}])", R"("a")", "null", "",
        R"({"a":1} )", R"({"a")", R"({"a":1)", R"({"a":"1)", "{"}) {
    CAPTURE(text);
    CHECK_FALSE(json_replace(text, "a", "[1]").has_value());
  }
}
