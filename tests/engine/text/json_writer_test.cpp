#include "engine/text/json_writer.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdlib>
#include <limits>
#include <random>
#include <string>

#include "engine/text/utf8.hpp"
#include "tests/support/json_line.hpp"

using leat::tests::JsonLine;
using leat::text::JsonWriter;

namespace {

std::string string_of(std::string_view value) {
  JsonWriter json;
  json.string(value);
  return std::string(json.text());
}

std::string micros(std::int64_t value) {
  JsonWriter json;
  json.microseconds(value);
  return std::string(json.text());
}

}  // namespace

TEST_CASE("JsonWriter: members stand in their order, with commas between them") {
  JsonWriter json;
  json.begin_object();
  json.key("a");
  json.number(std::uint64_t{1});
  json.key("b");
  json.begin_object();
  json.escaped_key("x\"y");
  json.null();
  json.key("z");
  json.boolean(true);
  json.end_object();
  json.key("c");
  json.raw("[1,2]");
  json.key("d");
  json.number(std::int64_t{-7});
  json.end_object();
  CHECK(json.text() == R"({"a":1,"b":{"x\"y":null,"z":true},"c":[1,2],"d":-7})");
  json.clear();
  CHECK(json.text().empty());
}

TEST_CASE("JsonWriter: every byte that JSON or a terminal could misread is escaped, wherever it is") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string lead(before, 'x');
    CHECK(string_of(lead + "\"\\\n\r\t\b\f") == "\"" + lead + R"(\"\\\n\r\t\b\f")");
    CHECK(string_of(lead + '\x1f') == "\"" + lead + "\\u001F\"");
    CHECK(string_of(lead + "\xC2\x9B") == "\"" + lead + "\\u009B\"");   // CSI, a C1 control character
    CHECK(string_of(lead + "\xff") == "\"" + lead + "\xEF\xBF\xBD\"");  // this is not UTF-8
    CHECK(string_of(lead + "\xE2\x82\xAC ~ !") == "\"" + lead + "\xE2\x82\xAC ~ !\"");
  }
  CHECK(string_of(std::string_view("\0a", 2)) == "\"\\u0000a\"");
}

TEST_CASE("JsonWriter: a reader gets all bytes back, as far as they are UTF-8") {
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string value;
    const auto size = random() % 40;
    for (std::size_t i = 0; i < size; ++i)
      value += static_cast<char>(random() % 4 == 0 ? random() : 'a' + random() % 26);
    JsonWriter json;
    json.begin_object();
    json.key("v");
    json.string(value);
    json.end_object();
    CHECK(JsonLine(std::string(json.text())).text("v") == leat::text::to_utf8(value));
  }
}

TEST_CASE("JsonWriter: microseconds have six places and no exponent") {
  CHECK(micros(0) == "0.000000");
  CHECK(micros(-5) == "0.000000");
  CHECK(micros(1) == "0.000001");
  CHECK(micros(12'500'000) == "12.500000");
  CHECK(micros(std::numeric_limits<std::int64_t>::max()) == "9223372036854.775807");
}

TEST_CASE("JsonWriter: the buffer grows with what is written") {
  const std::string large(1'000'000, 'y');
  CHECK(string_of(large) == "\"" + large + "\"");
  const std::string controls(100'000, '\x01');
  CHECK(string_of(controls).size() == 600'002);
}

TEST_CASE("JsonWriter: a number is read again as the same one, and a value that is no number is null") {
  const auto written = [](double value) {
    JsonWriter json;
    json.number(value);
    return std::string(json.text());
  };
  for (const double value : {0.0, 0.1 + 0.2, 1e9 / 3, 5e-324, -1.7976931348623157e308, 1e21, -12.5}) {
    CHECK(std::strtod(written(value).c_str(), nullptr) == value);
  }
  CHECK(written(0.5) == "0.5");
  CHECK(written(std::numeric_limits<double>::infinity()) == "null");
  CHECK(written(std::numeric_limits<double>::quiet_NaN()) == "null");
  JsonWriter json;
  json.number(2.0 / 3, 3);
  CHECK(json.text() == "0.667");
}

TEST_CASE("JsonWriter: items of an array have commas between them, whatever they are") {
  JsonWriter json;
  json.begin_array();
  for (const char* text : {"[", "{"}) {
    json.item();
    json.string(text);
  }
  json.item();
  json.begin_array();
  json.end_array();
  json.end_array();
  CHECK(json.text() == R"(["[","{",[]])");
}

TEST_CASE("indented: each member and item has a line, and texts and empty containers stay as they are") {
  CHECK(leat::text::indented(R"({"a":[1,{"b":"x,{\\\"]"}],"c":{},"d":[]})") ==
        "{\n  \"a\": [\n    1,\n    {\n      \"b\": \"x,{\\\\\\\"]\"\n    }\n  ],\n  \"c\": {},\n  \"d\": "
        "[]\n}");
}
