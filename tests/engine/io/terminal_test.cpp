#include "engine/io/terminal.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace leat;

TEST_CASE("locale_is_utf8: the name is read in any case, and the variable that counts most decides") {
  std::map<std::string, std::string> variables;
  const io::Environment environment = [&](const char* name) { return variables[name]; };
  CHECK_FALSE(io::locale_is_utf8(environment));
  for (const char* name : {"de_DE.UTF-8", "C.utf8", "en_GB.utf-8", "C.UTF8", "UTF-8"}) {
    CAPTURE(name);
    variables["LANG"] = name;
    CHECK(io::locale_is_utf8(environment));
  }
  variables["LC_CTYPE"] = "POSIX";
  CHECK_FALSE(io::locale_is_utf8(environment));
  variables["LC_ALL"] = "C.UTF-8";
  CHECK(io::locale_is_utf8(environment));
  variables["LC_ALL"] = "C";
  CHECK_FALSE(io::locale_is_utf8(environment));
}

TEST_CASE("moves_cursor: TERM names a terminal, and no dumb one") {
  std::string term;
  const io::Environment environment = [&](const char*) { return term; };
  CHECK_FALSE(io::moves_cursor(environment));
  term = "dumb";
  CHECK_FALSE(io::moves_cursor(environment));
  term = "xterm";
  CHECK(io::moves_cursor(environment));
}
