#include "pipelines/result/body_json.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;
using namespace leat::pipelines;

namespace {

std::string json_of(const std::string& body) {
  JsonDoc doc;
  if (const auto error = read_body_json(body, doc)) {
    CHECK(error->code == Errc::filter_error);
    return error->message;
  }
  return doc.root().compact();
}

std::string lines_of(const std::string& body) {
  auto lines = body_lines(body);
  if (!lines) CHECK(lines.error().code == Errc::filter_error);
  return lines ? *lines : lines.error().message;
}

}  // namespace

TEST_CASE("body_json: a body is read as JSON, and an empty one is null") {
  CHECK(json_of(R"( {"a": [1.10, 1e400]} )") == R"({"a":[1.10,1e400]})");
  for (const char* empty : {"", " \r\n\t", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"}) {
    CHECK(json_of(empty) == "null");
    CHECK(is_blank_body(empty));
  }
  CHECK_FALSE(is_blank_body("null"));
  CHECK(json_of("\"\xE9\"") == "\"\xEF\xBF\xBD\"");
}

TEST_CASE("body_json: a body that is not JSON is an error that names the place and what it looks like") {
  CHECK(json_of("<html>Maintenance</html>") ==
        ".json: the body is not JSON: this is no value at byte 1 (line 1, column 1); it looks like HTML");
  CHECK(json_of(" \n<?xml version=\"1.0\"?>") ==
        ".json: the body is not JSON: this is no value at byte 3 (line 2, column 1); it looks like XML");
  CHECK(json_of("<?xml version=\"1.0\"?>") ==
        ".json: the body is not JSON: this is no value at byte 1 (line 1, column 1); it looks like XML");
  CHECK(json_of("{\n \"é\":[1,\n  2 3]}") ==
        ".json: the body is not JSON: a comma or ] is missing behind an item at byte 17 (line 3, column 5)");
  CHECK(json_of("{\"items\":[{\"id\":1},") ==
        ".json: the body is not JSON: a value is missing at byte 20 (line 1, column 20); "
        "the body ends there, as if it had been cut short");
  for (const std::string cut :
       {"\"abc", "\"abc\\", "\"abc\\u", "\"abc\\u00", "{\"a\":\"\\u00e", "[tru", "[1.", "\"\xC3"}) {
    CAPTURE(cut);
    CHECK(json_of(cut).ends_with("; the body ends there, as if it had been cut short"));
  }
  for (const std::string whole : {"\"\\u00\"", "\"\\x", "\"\\u00g", "[\"\\u00\"]"}) {
    CAPTURE(whole);
    CHECK(json_of(whole).find("cut short") == std::string::npos);
  }
  CHECK(json_of("{\"a\":1}\n{\"a\":2}\n") ==
        ".json: the body is not JSON: there is more text behind the value at byte 9 (line 2, column 1); "
        "is it NDJSON? .lines reads that");
  CHECK(json_of("{\"a\":1};") ==
        ".json: the body is not JSON: there is more text behind the value at byte 8 (line 1, column 8)");
  CHECK(json_of(std::string("\x1F\x8B\x08\x00", 4)) ==
        ".json: the body is not JSON: this is no value at byte 1 (line 1, column 1); it is gzip");
  CHECK(json_of("\x28\xB5\x2F\xFD").ends_with("; it is zstd"));
  CHECK(json_of("callback({})") ==
        ".json: the body is not JSON: this is no value at byte 1 (line 1, column 1)");
}

TEST_CASE("body_json: the lines of NDJSON are an array of their values") {
  CHECK(lines_of("{\"id\": 9007199254740993}\n\n[1,\t2]\r\n\"x\"") ==
        "[{\"id\":9007199254740993},[1,2],\"x\"]");
  CHECK(lines_of("\xEF\xBB\xBF"
                 "1\n") == "[1]");
  CHECK(lines_of("") == "[]");
  CHECK(lines_of("\n \n") == "[]");
  CHECK(lines_of("1\n{\"a\":\"\\u0").ends_with("; the body ends there, as if it had been cut short"));
  CHECK(lines_of("{\"a\":\n1").find("cut short") == std::string::npos);
  CHECK(lines_of("\"\xE9\"\n\"\\ud83d\"") == "[\"\xEF\xBF\xBD\",\"\\ufffd\"]");
}

TEST_CASE("body_json: a line that is not JSON is an error that names the line") {
  CHECK(lines_of("1\n{\"a\":}\n") ==
        ".lines: line 2 of the body is not JSON: this is no value at its byte 6");
  CHECK(lines_of("<html>\n</html>") ==
        ".lines: line 1 of the body is not JSON: this is no value at its byte 1; it looks like HTML");
  CHECK(lines_of("1 2") ==
        ".lines: line 1 of the body is not JSON: there is more text behind the value at its byte 3");
}
