#include "engine/text/printable.hpp"

#include <doctest/doctest.h>

#include <string>

#include "engine/text/visible.hpp"

using namespace leat::text;

TEST_CASE("printable: quoted text can't control a terminal") {
  CHECK(printable("a\x1B[31m", 100) == "a\xEF\xBF\xBD[31m");
  CHECK(printable("\xC2\x9B"
                  "1m",
                  100) ==
        "\xEF\xBF\xBD"
        "1m");
  CHECK(printable("\x7F\xFF", 100) == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(printable("abcdef", 3) == "abc");
}

TEST_CASE("escaped: it leaves text in any language as it is") {
  CHECK(escaped("plain, \"quoted\" text") == "plain, \"quoted\" text");
  CHECK(escaped("grün 水 🦆") == "grün 水 🦆");
}

TEST_CASE("escaped: it makes control characters visible, also those of C1") {
  CHECK(escaped("a\x1b[2Jb") == "a\\x1b[2Jb");
  CHECK(escaped("1\n2\r3\t4") == "1\\n2\\r3\\t4");
  CHECK(escaped(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(escaped("\xc2\x9b"
                "2J") == "\\xc2\\x9b2J");
}

TEST_CASE("escaped: it makes bytes that are no UTF-8 visible") {
  CHECK(escaped("\xff") == "\\xff");
  CHECK(escaped("a\xc3") == "a\\xc3");
  CHECK(escaped("\xc0\xaf") == "\\xc0\\xaf");               // overlong
  CHECK(escaped("\xed\xa0\x80") == "\\xed\\xa0\\x80");      // a surrogate
  CHECK(escaped("\xf4\x90\x80\x80").starts_with("\\xf4"));  // above U+10FFFF
}

TEST_CASE("quoted: it cuts after the given number of characters, between two of them") {
  CHECK(in_quotes("abc", 3) == "\"abc\"");
  CHECK(in_quotes("abcd", 3) == "\"abc...\"");
  CHECK(in_quotes("水水水水", 3) == "\"水水水...\"");
}

TEST_CASE("escaped, made_visible: what turns the direction of text is made visible") {
  CHECK(escaped("a\u202e"
                "b\u2066") == "a\\xe2\\x80\\xaeb\\xe2\\x81\\xa6");
  CHECK(made_visible("a\u202e"
                     "b\u2066c\u2069") == "a\\u202eb\\u2066c\\u2069");
  CHECK(made_visible("\u2025 \u203b \u2065") == "\u2025 \u203b \u2065");
}

TEST_CASE("made_visible: lines and tabs stay, and nothing else that steers a terminal does") {
  CHECK(made_visible("a\tb\n\x1b[31m\x07\r") == "a\tb\n\\x1b[31m\\x07\\r");
  CHECK(made_visible("\xc2\x9b"
                     "2J") == "\\u009b2J");
  CHECK(made_visible("{\"a\":\"grün 水\"}\n") == "{\"a\":\"grün 水\"}\n");
  CHECK(made_visible("\xff") == "\\xff");
}

TEST_CASE("in_ascii: what leat itself prints becomes something alike, and other characters a question mark") {
  CHECK(in_ascii("404 \u00d72, \u2026, a \u2192 b, \u2013") == "404 x2, ., a > b, -");
  CHECK(in_ascii("1.0 \u00b1 0.1; status \u2265 400") == "1.0 +- 0.1; status >= 400");
  CHECK(in_ascii("na\u00efve \u65e5\u672c\xff") == "na?ve ???");
}
