#include "cli/terminal/colours.hpp"

#include <doctest/doctest.h>

#include <string>

#include "tests/cli/fake_system.hpp"

using namespace leat::cli;

TEST_CASE("may_colour: colours are used on a terminal that has them, unless NO_COLOR is set") {
  FakeSystem system;
  CHECK_FALSE(may_colour(system, 2));
  system.terminals = {2};
  CHECK(may_colour(system, 2));
  CHECK_FALSE(may_colour(system, 1));
  for (const char* value : {"1", "0", "no"}) {
    system.variables["NO_COLOR"] = value;
    CHECK_FALSE(may_colour(system, 2));
  }
  system.variables["NO_COLOR"] = "";
  CHECK(may_colour(system, 2));
  for (const char* term : {"dumb", ""}) {
    system.variables["TERM"] = term;
    CHECK_FALSE(may_colour(system, 2));
  }
}

TEST_CASE("may_colour: CLICOLOR_FORCE asks for colours anywhere, but NO_COLOR counts more") {
  FakeSystem system;
  system.variables["CLICOLOR_FORCE"] = "0";
  CHECK_FALSE(may_colour(system, 2));
  system.variables["CLICOLOR_FORCE"] = "1";
  CHECK(may_colour(system, 2));
  system.variables["NO_COLOR"] = "1";
  CHECK_FALSE(may_colour(system, 2));
}

TEST_CASE("Colours: they make words green and red if wanted, and else leave the words as they are") {
  CHECK(Colours(true).good("3 ok") == "\x1b[32m3 ok\x1b[39m");
  CHECK(Colours(true).bad("1 failed") == "\x1b[31m1 failed\x1b[39m");
  CHECK(Colours(true).bad("").empty());
  CHECK(Colours().bad("1 failed") == "1 failed");
}

TEST_CASE("fit: colours take no column, and they end where the line is cut") {
  const std::string red = Colours(true).bad("red");
  CHECK(fit(red, 3).text == red);
  CHECK(fit(red, 3).columns == 3);
  CHECK(fit(red + " and more", 3).text == red);
  CHECK(fit(red, 2).text == "\x1b[31mre\x1b[39m");
  CHECK(fit("plain", 3).text == "pla");
  CHECK(fit("", 3).text.empty());
}

TEST_CASE("fit: it cuts between characters, and counts as many columns as each takes") {
  CHECK(fit("a\u00fcb", 2).text == "a\u00fc");
  CHECK(fit("a\u00fcb", 4).columns == 3);
  CHECK(fit("a\u6c34b", 2).text == "a");
  CHECK(fit("a\u6c34b", 3).text == "a\u6c34");
  CHECK(fit("a\u6c34b", 4).columns == 4);
}
