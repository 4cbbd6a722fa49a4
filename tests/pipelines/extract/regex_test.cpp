#include "pipelines/extract/regex.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/pipelines/extract/extracted.hpp"

using namespace leat::pipelines;

TEST_CASE("Regex: it gives the whole match, the first group, or the named groups") {
  CHECK(by_regex("a1 b22", "[a-z]\\d+") == R"(["a1","b22"])");
  CHECK(by_regex("a1 b22", "[a-z](\\d+)(x)?") == R"(["1","22"])");
  CHECK(by_regex("a=1 b=2", "(?P<key>\\w)=(?P<value>\\d)") ==
        R"([{"key":"a","value":"1"},{"key":"b","value":"2"}])");
  CHECK(by_regex("a=1 b=", "(?P<z>\\w)=(\\d)?(?P<a>\\d)?") == R"([{"z":"a","a":null},{"z":"b","a":null}])");
  CHECK(by_regex("b ab", "(a)?b") == R"([null,"a"])");
  CHECK(by_regex("x", "y") == "[]");
  CHECK(by_regex("", "(x?)") == R"([""])");
}

TEST_CASE("Regex: empty matches move on by a character") {
  CHECK(by_regex("\xC3\xA4"
                 "b",
                 "x*") == R"(["","",""])");
  CHECK(by_regex("ab", "\\b") == R"(["",""])");
  CHECK(by_regex("ab\ncd", "(?m)^.") == R"(["a","c"])");
  CHECK(by_regex("aab", "^a") == R"(["a"])");
}

TEST_CASE("Regex: invalid bytes and other encodings are read as characters") {
  CHECK(by_regex("a\xFF"
                 "b",
                 "a(.)b") == "[\"\xEF\xBF\xBD\"]");
  CHECK(extracted({{Extractor::Language::regex, "\xC3\xA4.", "", false}}, "\xE4x",
                  "text/plain; charset=latin1") == "[\"\xC3\xA4x\"]");
  using namespace std::string_literals;
  CHECK(by_regex("a\0b"s, "a.b") == "[\"a\\u0000b\"]");
}

TEST_CASE("Regex: an error says what is wrong and where") {
  struct Wrong {
    const char* regex;
    std::size_t offset;
    const char* says;
  };
  constexpr Wrong kWrong[] = {
      {"a(b", 0, "missing )"},
      {"a)b", 0, "unexpected )"},
      {"a[b", 1, "missing ]"},
      {"ab**", 2, "bad repetition"},
      {"*a", 0, "no argument"},
      {"a\\y", 1, "invalid escape"},
      {"a[z-a]", 2, "character class range"},
      {"x(?=y)", 1, "perl operator"},
      {"(?P<n>a)(?P<n-n>b)", 8, "capture group"},
      {"a{1001}", 1, "repetition"},
      {"x\\1", 1, "invalid escape"},
  };
  for (const Wrong& wrong : kWrong) {
    CAPTURE(std::string(wrong.regex));
    const auto fault = check_regex(wrong.regex);
    REQUIRE(fault);
    CHECK_MESSAGE(fault->offset == wrong.offset, fault->message);
    CHECK_MESSAGE(fault->message.find(wrong.says) != std::string::npos, fault->message);
  }
  CHECK(check_regex("a\xFF")->offset == 1);
}

TEST_CASE("Regex: a hostile pair of pattern and text takes linear time") {
  CHECK(by_regex(std::string(1'000'000, 'a'), "(?:a+)+b") == "[]");
}
