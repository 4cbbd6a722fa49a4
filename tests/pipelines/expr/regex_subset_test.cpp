#include "pipelines/expr/regex_subset.hpp"

#include <doctest/doctest.h>

using namespace leat::pipelines;

TEST_CASE("same_in_re2: literals, classes, groups, quantifiers and anchors at the ends mean the same") {
  const auto same = [](std::string_view pattern) { return same_in_re2(pattern, false).value_or("outside"); };
  CHECK(same("abc é") == "abc é");
  CHECK(same("\\.html$") == "\\.html(?:\\n?\\z)");
  CHECK(same("^https?://") == "\\Ahttps?://");
  CHECK(same("^a|b$") == "\\Aa|b(?:\\n?\\z)");
  CHECK(same("a.b*?") == "a[^\\n]b*");
  CHECK(same("(a|b)+[a-z0-9_.-]{2,3}") == "(?:a|b)+[a-z0-9_.\\-]{2,3}");
  CHECK(same("[^a-c]") == "[^a-c]");
}

TEST_CASE("same_in_re2: patterns that the two may read differently are outside the subset") {
  for (const char* pattern :
       {"",       "\\d",     "\\w+",   "\\s",     "\\bx",  "\\n",         "a**",    "a*+",   "a++",
        "a{,2}",  "a{2}{3}", "a{3,2}", "a{101}",  "x{",    "]",           "}",      "(?i)a", "(?=a)",
        "(a)\\1", "(a$)b",   "a^b",    "(^a)",    "a$b",   "[[:alpha:]]", "[a&&b]", "[a-Z]", "[z-a]",
        "[]a]",   "[",       "[a",     "(",       ")",     "a|",          "|a",     "()",    "\\",
        "a{1}?",  "\\Aa",    "*a",     "[a-c-e]", "[\\w]", "\xFF"}) {
    CHECK_MESSAGE(!same_in_re2(pattern, false), pattern);
  }
}

TEST_CASE("same_in_re2: when case is ignored, characters that fold to more than one are outside the subset") {
  for (const char* pattern : {"ss", "First", "fluid", "é", "[^a]", "s+", "(s)s", "s."}) {
    CHECK_MESSAGE(!same_in_re2(pattern, true), pattern);
  }
  for (const char* pattern : {"error", "pages", "[a-z]+", "user", "k"}) {
    CHECK_MESSAGE(same_in_re2(pattern, true).has_value(), pattern);
  }
}
