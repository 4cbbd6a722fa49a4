#include "pipelines/extract/charset.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::pipelines;
using namespace std::string_literals;

namespace {

std::string html(std::string_view body, std::string_view type) {
  return std::string(Utf8Body(body, type, Markup::html).text());
}

}  // namespace

TEST_CASE("Utf8Body: UTF-8 is passed on without a copy") {
  const std::string body = "\xC3\xA4<p>";
  CHECK(Utf8Body(body, "text/html", Markup::html).text().data() == body.data());
  const std::string marked = "\xEF\xBB\xBFx";
  CHECK(Utf8Body(marked, "text/html; charset=koi8-r", Markup::html).text() == "x");
}

TEST_CASE("Utf8Body: the content type's charset counts, quoted or not, in upper or lower case") {
  CHECK(html("\xE4", "text/html; charset=ISO-8859-1") == "\xC3\xA4");
  CHECK(html("\xE4", "text/html;charset=\"latin1\"") == "\xC3\xA4");
  CHECK(html("\x80", "text/html; Charset='windows-1252'; x=y") == "\xE2\x82\xAC");
  CHECK(html("\x82\xA0", "text/html; charset=Shift_JIS") == "\xE3\x81\x82");
  CHECK(html("\xC4\xE3", "text/html; charset=gb2312") == "\xE4\xBD\xA0");
  CHECK(html("a\0\xE4\0"s, "text/html; charset=utf-16") == "a\xC3\xA4");
}

TEST_CASE("Utf8Body: a page may name its charset in a meta element") {
  CHECK(html("<meta charset=koi8-r>\xC4", "text/html") == "<meta charset=koi8-r>\xD0\xB4");
  CHECK(html("<META http-equiv=content-type content='text/html; charset=windows-1251'>\xE4", "")
            .ends_with("\xD0\xB4"));
  CHECK(html("<!-- <meta charset=koi8-r> --><p>\xC4", "") == "<!-- <meta charset=koi8-r> --><p>\xEF\xBF\xBD");
  CHECK(html("<meta charset=utf-16>\xC3\xA4", "").ends_with("\xC3\xA4"));
  CHECK(html("<meta charset=koi8-r>\xC3\xA4", "text/html; charset=utf-8").ends_with("\xC3\xA4"));
}

TEST_CASE("Utf8Body: bytes that are no character become U+FFFD") {
  CHECK(html("a\xFF\xC3(", "") == "a\xEF\xBF\xBD\xEF\xBF\xBD(");
  CHECK(html("a\xFF", "text/html; charset=no-such-thing") == "a\xEF\xBF\xBD");
  CHECK(html("\x82", "text/html; charset=sjis") == "\xEF\xBF\xBD");
  CHECK(html("\x81\x20x", "text/html; charset=sjis").ends_with("x"));
  CHECK(html("\0\xD8x\0"s, "text/html; charset=utf-16le") == "\xEF\xBF\xBDx");
  CHECK(html("+ADw-", "text/html; charset=utf-7") == "+ADw-");
}

TEST_CASE("Utf8Body: a long text in another encoding is converted completely") {
  std::string body(100'000, '\xE4');
  std::string wanted;
  for (int i = 0; i < 100'000; ++i) wanted += "\xC3\xA4";
  CHECK(html(body, "text/html; charset=latin1") == wanted);
}
