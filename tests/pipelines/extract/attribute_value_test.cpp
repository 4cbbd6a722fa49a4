#include "pipelines/extract/attribute_value.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

using namespace leat::pipelines;

namespace {

std::string value(std::string_view raw) {
  std::string scratch;
  return std::string(attribute_value(raw, scratch));
}

}  // namespace

TEST_CASE("attribute_value: what has nothing to resolve is given as it is, without a copy") {
  std::string scratch;
  const std::string_view raw = "/page?id=7#top \xE4\xB8\xAD";
  CHECK(attribute_value(raw, scratch).data() == raw.data());
  CHECK(value("").empty());
}

TEST_CASE("attribute_value: references are resolved by HTML's rules for attributes") {
  CHECK(value("?a=1&amp;b=2&lt;&gt;&quot;&#39;") == "?a=1&b=2<>\"'");
  CHECK(value("&#65;&#x41;&#X41;&eacute;&nbsp;&AMP;") == "AAA\xC3\xA9\xC2\xA0&");
  CHECK(value("&amp &copy") == "& \xC2\xA9");
  CHECK(value("&#128;&#0;&#x110000;") == "\xE2\x82\xAC\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(value("&NotEqualTilde;") == "\xE2\x89\x82\xCC\xB8");
}

TEST_CASE("attribute_value: a parameter is no reference, whatever its name is") {
  CHECK(value("?a=1&copy=2") == "?a=1&copy=2");
  CHECK(value("?a=1&copyright=2&b") == "?a=1&copyright=2&b");
  CHECK(value("?a&b=c&&d& &;&=") == "?a&b=c&&d& &;&=");
  CHECK(value("?x=1&notit;") == "?x=1&notit;");
  CHECK(value("&unknown;&#;&#x;&") == "&unknown;&#;&#x;&");
}

TEST_CASE("attribute_value: line breaks are LF, and both kinds of quotes may be in it") {
  CHECK(value("a\r\nb\rc\nd") == "a\nb\nc\nd");
  CHECK(value("a'b\"c&eacute;") == "a'b\"c\xC3\xA9");
  CHECK(value("a\"b&eacute;") == "a\"b\xC3\xA9");
  CHECK(value("a\x01z") == "a\xEF\xBF\xBDz");
  CHECK(value("\xF0\x9F\x98\x80&amp;") == "\xF0\x9F\x98\x80&");
}

TEST_CASE("attribute_value: a character that has to be looked at is found wherever it stands") {
  for (std::size_t size = 1; size <= 25; ++size) {
    for (std::size_t at = 0; at < size; ++at) {
      CAPTURE(size);
      CAPTURE(at);
      const std::string before(at, '~');
      const std::string after(size - at - 1, '/');
      for (const auto& [raw, meant] :
           {std::pair("\x1F", "\xEF\xBF\xBD"), std::pair("\x7F", "\xEF\xBF\xBD"), std::pair("\r", "\n"),
            std::pair("&lt;", "<"), std::pair(" ", " "), std::pair("~", "~"), std::pair("%", "%"),
            std::pair("'", "'"), std::pair("\xC2\x80", "\xEF\xBF\xBD"), std::pair("\xC3\xA9", "\xC3\xA9")})
        CHECK(value(before + raw + after) == before + meant + after);
    }
  }
}
