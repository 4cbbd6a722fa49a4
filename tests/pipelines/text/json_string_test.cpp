#include "pipelines/text/json_string.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;

TEST_CASE("json_string: control characters are escaped, what is no UTF-8 is replaced") {
  CHECK(json_string("") == "\"\"");
  CHECK(json_string("a\"\\\n\r\t\b/") == R"("a\"\\\n\r\t\u0008/")");
  CHECK(json_string(std::string_view("\0\x1F", 2)) == R"("\u0000\u001F")");
  CHECK(json_string("\xC3\xA4\xF0\x9F\x98\x80") == "\"\xC3\xA4\xF0\x9F\x98\x80\"");
  CHECK(json_string("\xC2\x9B"
                    "1m\x7F") == "\"\\u009B1m\x7F\"");
  CHECK(json_string("\xFF\xC3") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
}
