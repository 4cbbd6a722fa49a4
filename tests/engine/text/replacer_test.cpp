#include "engine/text/replacer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;

TEST_CASE("replace_all: every place is found once, and what was put in is not looked at again") {
  std::string text = "aXbXX";
  CHECK(text::replace_all(text, "X", "XX"));
  CHECK(text == "aXXbXXXX");
  CHECK(text::replace_all(text, "XX", ""));
  CHECK(text == "ab");
  CHECK_FALSE(text::replace_all(text, "X", "y"));
  CHECK(text == "ab");
}
