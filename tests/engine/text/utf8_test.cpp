#include "engine/text/utf8.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace leat::text;

TEST_CASE("UTF-8: well-formed text is valid to its end") {
  for (const char* text : {"", "a", "12345678", "123456789", "é", "日本語", "12345678é", "\U0001F600",
                           "\xF4\x8F\xBF\xBF", "\xEE\x80\x80", "\xED\x9F\xBF"}) {
    CAPTURE(text);
    CHECK(is_utf8(text));
    CHECK(to_utf8(text) == text);
  }
}

TEST_CASE("UTF-8: overlong forms, surrogates, cut and stray bytes are found at their place") {
  struct Row {
    std::string_view text;
    std::size_t good;
  };
  for (const auto& [text, good] :
       {Row{"ab\x80", 2}, Row{"\xC0\x80", 0}, Row{"\xC1\xBF", 0}, Row{"x\xE0\x80\x80", 1},
        Row{"\xED\xA0\x80", 0}, Row{"\xF0\x80\x80\x80", 0}, Row{"\xF4\x90\x80\x80", 0},
        Row{"\xF5\x80\x80\x80", 0}, Row{"12345678\xC3", 8}, Row{"\xE2\x82", 0}, Row{"\xFF", 0}}) {
    const auto shown = text;  // clang 14 can't capture a structured binding
    CAPTURE(shown);
    CHECK(valid_utf8_prefix(text) == good);
    CHECK(is_utf8(to_utf8(text)));
  }
  CHECK(to_utf8("a\xFFz") == "a\xEF\xBF\xBDz");
}

TEST_CASE("UTF-8: a code point is written in as many bytes as it takes") {
  const auto written = [](std::uint32_t code) {
    std::string out = "<";
    append_utf8(out, code);
    return out;
  };
  CHECK(written(0x41) == "<A");
  CHECK(written(0x7F) == "<\x7F");
  CHECK(written(0x80) == "<\xC2\x80");
  CHECK(written(0x7FF) == "<\xDF\xBF");
  CHECK(written(0x800) == "<\xE0\xA0\x80");
  CHECK(written(0xFFFF) == "<\xEF\xBF\xBF");
  CHECK(written(0x10000) == "<\xF0\x90\x80\x80");
  CHECK(written(0x10FFFF) == "<\xF4\x8F\xBF\xBF");
}

TEST_CASE("UTF-8: characters are counted, and each byte that is part of none counts as one") {
  CHECK(count_characters("") == 0);
  CHECK(count_characters("größe 日本") == 8);
  CHECK(count_characters("\U0001F600 12345678901234567890123456789012345678") == 40);
  CHECK(count_characters("a\xFF\x80z\xE2\x82") == 6);
  CHECK(count_characters("\xED\xA0\x80é") == 4);
}

TEST_CASE("UTF-8: a cut falls between two characters") {
  CHECK(cut_utf8("aé", 2) == "a");
  CHECK(cut_utf8("aé", 3) == "aé");
  CHECK(cut_utf8("\U0001F600", 3).empty());
}
