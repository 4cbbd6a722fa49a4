#include "engine/text/nearest.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace leat::text;

TEST_CASE("Nearest: inserting, removing, changing and swapping a letter each count one") {
  CHECK(edit_distance("fetch", "fetch") == 0);
  CHECK(edit_distance("fetch", "fecth") == 1);
  CHECK(edit_distance("fetch", "ftch") == 1);
  CHECK(edit_distance("fetch", "fettch") == 1);
  CHECK(edit_distance("", "abc") == 3);
}

TEST_CASE("Nearest: it gives the name that was meant, or none if nothing is near") {
  constexpr std::array<std::string_view, 3> kNames{"host", "path", "name"};
  CHECK(nearest("nmae", kNames) == "name");
  CHECK(nearest("hots", kNames) == "host");
  CHECK(nearest("xyzzy", kNames).empty());
}

TEST_CASE("Nearest: a word that differs in case alone is the name, however short") {
  constexpr std::array<std::string_view, 3> kNames{"json", "jsonp", "n"};
  CHECK(nearest("JSON", kNames) == "json");
  CHECK(nearest("N", kNames) == "n");
  CHECK(nearest("", kNames).empty());
}

TEST_CASE("Nearest: at most a third of the letters may be wrong, and in a short word not the first one") {
  constexpr std::array<std::string_view, 4> kNames{"rate", "n", "max-size", "fetch"};
  CHECK(nearest("max-siez", kNames) == "max-size");
  CHECK(nearest("mox-sizze", kNames) == "max-size");
  CHECK(nearest("mux-sizzle", kNames) == "max-size");
  CHECK(nearest("mix-sezza", kNames).empty());
  CHECK(nearest("bench", kNames).empty());
  CHECK(nearest("date", kNames).empty());
  CHECK(nearest("arte", kNames) == "rate");
  CHECK(nearest("nn", kNames) == "n");
  CHECK(nearest("x", kNames).empty());
}
