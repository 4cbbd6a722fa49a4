#include "cli/terminal/printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat::cli;

TEST_CASE("printable: it leaves text in any language as it is") {
  CHECK(printable("plain, \"quoted\" text") == "plain, \"quoted\" text");
  CHECK(printable("grün 水 🦆") == "grün 水 🦆");
}

TEST_CASE("printable: it makes control characters visible, also those of C1") {
  CHECK(printable("a\x1b[2Jb") == "a\\x1b[2Jb");
  CHECK(printable("1\n2\r3\t4") == "1\\n2\\r3\\t4");
  CHECK(printable(std::string_view("\0\x7f", 2)) == "\\x00\\x7f");
  CHECK(printable("\xc2\x9b"
                  "2J") == "\\xc2\\x9b2J");
}

TEST_CASE("printable: it makes bytes that are no UTF-8 visible") {
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("a\xc3") == "a\\xc3");
  CHECK(printable("\xc0\xaf") == "\\xc0\\xaf");               // overlong
  CHECK(printable("\xed\xa0\x80") == "\\xed\\xa0\\x80");      // a surrogate
  CHECK(printable("\xf4\x90\x80\x80").starts_with("\\xf4"));  // above U+10FFFF
}

TEST_CASE("quoted: it cuts after the given number of characters, between two of them") {
  CHECK(in_quotes("abc", 3) == "\"abc\"");
  CHECK(in_quotes("abcd", 3) == "\"abc...\"");
  CHECK(in_quotes("水水水水", 3) == "\"水水水...\"");
}
