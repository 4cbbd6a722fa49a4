#include "engine/text/replacer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace leat;

TEST_CASE("replace_all: every place is found once, and what was put in is not looked at again") {
  std::string text = "aZbZZ";
  CHECK(text::replace_all(text, "Z", "ZZ"));
  CHECK(text == "aZZbZZZZ");
  CHECK(text::replace_all(text, "ZZ", ""));
  CHECK(text == "ab");
  CHECK_FALSE(text::replace_all(text, "Z", "y"));
  CHECK(text == "ab");
}
