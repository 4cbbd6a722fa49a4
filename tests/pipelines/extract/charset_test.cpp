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
  CHECK(html("<!-- <meta charset=koi8-r> --><p>\xC4", "") == "<!-- <meta charset=koi8-r> --><p>\xC3\x84");
  CHECK(html("<meta charset=utf-16>\xC3\xA4", "").ends_with("\xC3\xA4"));
  CHECK(html("<meta charset=koi8-r>\xC3\xA4", "text/html; charset=utf-8").ends_with("\xC3\xA4"));
}

TEST_CASE("Utf8Body: an XML declaration names the charset of a page that has no meta element for it") {
  CHECK(
      html("<?xml version=\"1.0\" encoding=\"iso-8859-15\"?><p>\xA4", "text/html").ends_with("\xE2\x82\xAC"));
  CHECK(html("<?xml version=\"1.0\" encoding=\"iso-8859-15\"?><meta charset=koi8-r>\xC4", "text/html")
            .ends_with("\xD0\xB4"));
}

TEST_CASE("Utf8Stream: a text is converted by its label or its mark, however it is cut into chunks") {
  const auto read = [](std::string_view text, std::string_view type, std::size_t size) {
    Utf8Stream stream(type);
    std::string all;
    for (std::size_t at = 0; at < text.size(); at += size) {
      std::string chunk(text.substr(at, size));
      stream.convert(chunk, false);
      all += chunk;
    }
    std::string rest;
    stream.convert(rest, true);
    return all + rest;
  };
  for (const std::size_t size : {1u, 2u, 3u, 100u}) {
    CAPTURE(size);
    CHECK(read("a\0\xE4\0\x3D\xD8\0\xDE"s, "text/plain; charset=utf-16le", size) ==
          "a\xC3\xA4\xF0\x9F\x98\x80");
    CHECK(read("\xFE\xFF\0a\0\xE4"s, "text/plain; charset=latin1", size) == "a\xC3\xA4");
    CHECK(read("\x82\xA0\x83\x5C", "text/plain; charset=sjis", size) == "\xE3\x81\x82\xE3\x82\xBD");
    CHECK(read("\x1B$B$\"\x1B(Ba", "text/plain; charset=iso-2022-jp", size) ==
          "\xE3\x81\x82"
          "a");
    CHECK(read("\xEF\xBB\xBF\xC3\xA4", "", size) == "\xC3\xA4");
    CHECK(read("\xC3\xA4\xFF", "", size) == "\xC3\xA4\xFF");
    CHECK(read("a\0\xE4"s, "text/plain; charset=utf-16le", size) == "a\xEF\xBF\xBD");
    CHECK(read("\xEF\xBB", "", size) == "\xEF\xBB");
  }
}

TEST_CASE("Utf8Body: bytes that are no character become U+FFFD") {
  CHECK(html("a\xFF\xC3(", "text/html; charset=utf-8") == "a\xEF\xBF\xBD\xEF\xBF\xBD(");
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

TEST_CASE("Utf8Body: without a label that is known, what is no UTF-8 is windows-1252") {
  CHECK(html("a\xFF\x80", "") == "a\xC3\xBF\xE2\x82\xAC");
  CHECK(html("a\xFF", "text/html; charset=no-such-thing") == "a\xC3\xBF");
  CHECK(html("\x81\x8D\x9D", "text/html; charset=windows-1252") == "\xC2\x81\xC2\x8D\xC2\x9D");
  CHECK(html("a\xC3\xBF", "") == "a\xC3\xBF");
}

TEST_CASE("Utf8Body: it knows every label of the standard") {
  struct Known {
    const char* label;
    std::string bytes;
    std::string text;
  };
  const Known known[] = {
      {"unicode11utf8", "\xC3\xA4", "\xC3\xA4"},
      {"866", "\x80", "\xD0\x90"},
      {"iso_8859-2:1987", "\xB1", "\xC4\x85"},
      {"csisolatin3", "\xA1", "\xC4\xA6"},
      {"l4", "\xA1", "\xC4\x84"},
      {"csisolatincyrillic", "\xB0", "\xD0\x90"},
      {"asmo-708", "\xC7", "\xD8\xA7"},
      {"sun_eu_greek", "\xC1", "\xCE\x91"},
      {"visual", "\xE0", "\xD7\x90"},
      {"logical", "\xE0", "\xD7\x90"},
      {"l6", "\xA1", "\xC4\x84"},
      {"iso885913", "\xC0", "\xC4\x84"},
      {"iso8859-14", "\xA1", "\xE1\xB8\x82"},
      {"l9", "\xA4", "\xE2\x82\xAC"},
      {"iso-8859-16", "\xA1", "\xC4\x84"},
      {"koi8_r", "\xC1", "\xD0\xB0"},
      {"koi8-ru", "\xAE", "\xD1\x9E"},
      {"x-mac-roman", "\x80", "\xC3\x84"},
      {"dos-874", "\xA1", "\xE0\xB8\x81"},
      {"x-cp1250", "\xB9", "\xC4\x85"},
      {"ansi_x3.4-1968", "\x80", "\xE2\x82\xAC"},
      {"l5", "\xFD", "\xC4\xB1"},
      {"x-mac-ukrainian", "\x80", "\xD0\x90"},
      {"csgb2312", "\xC4\xE3", "\xE4\xBD\xA0"},
      {"x-x-big5", "\xA4\x40", "\xE4\xB8\x80"},
      {"cseucpkdfmtjapanese", "\xA4\xA2", "\xE3\x81\x82"},
      {"ms_kanji", "\x82\xA0", "\xE3\x81\x82"},
      {"ksc_5601", "\xB0\xA1", "\xEA\xB0\x80"},
      {"unicodefffe", std::string("\0a", 2), "a"},
      {"ucs-2", std::string("a\0", 2), "a"},
      {"hz-gb-2312", "ab", "\xEF\xBF\xBD"},
      {"x-user-defined", "a\x80", "a\xEF\x9E\x80"},
      {"csiso2022jp", "\x1B$B$\"\x1B(B", "\xE3\x81\x82"},
  };
  for (const Known& row : known) {
    CAPTURE(row.label);
    CHECK(html(row.bytes, std::string("text/html; charset=") + row.label) == row.text);
  }
}

TEST_CASE("Utf8Body: JSON is UTF-8 unless something else is declared") {
  const auto json = [](std::string_view body, std::string_view type) {
    return std::string(Utf8Body(body, type).text());
  };
  CHECK(json("\"\xE9\"", "application/json") == "\"\xE9\"");
  CHECK(json("\"\xE9\"", "application/json; charset=utf-8") == "\"\xE9\"");
  CHECK(json("\"\xE9\"", "application/json; charset=ISO-8859-1") == "\"\xC3\xA9\"");
  CHECK(json("\xEF\xBB\xBF[]", "") == "[]");
  CHECK(json("\xFF\xFE[\0]\0"s, "") == "[]");
}
