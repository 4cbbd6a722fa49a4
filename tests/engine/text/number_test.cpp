#include "engine/text/number.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using leat::text::parse_number;

TEST_CASE("parse_number: a text is read if all of it is a number that the type holds") {
  CHECK(parse_number<std::uint8_t>("255") == 255);
  CHECK(parse_number<int>("-7") == -7);
  CHECK(parse_number<double>("-2.5e3") == -2500.0);
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "0x1", "256", "1.0", "a"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<std::uint8_t>(text));
  }
}
