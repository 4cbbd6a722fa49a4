#include "engine/http/message/http_date.hpp"

#include <doctest/doctest.h>

using leat::http::parse_http_date;

// The examples of RFC 9110, section 5.6.7.
TEST_CASE("HTTP dates: all three forms name the same second") {
  CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT") == 784111777);
  CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT") == 784111777);
  CHECK(parse_http_date("Sun Nov  6 08:49:37 1994") == 784111777);
}

TEST_CASE("HTTP dates: dates far away, leap days and leap seconds are read") {
  CHECK(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
  CHECK(parse_http_date("Tue, 29 Feb 2000 23:59:59 GMT") == 951868799);
  CHECK(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT") == 1483228800);
  CHECK(parse_http_date("Wed, 31 Dec 1969 23:59:59 GMT") == -1);
}

TEST_CASE("HTTP dates: a text that is no date gives none") {
  for (const char* text :
       {"", "yesterday", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Xyz 1994 08:49:37 GMT"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_http_date(text).has_value());
  }
}
